#include "clock.h"
#include "binary64.h"

int64_t fr_clock_sub(int64_t a, int64_t b)
{
  if (b >= 0) {
    if (a >= INT64_MIN + b) return a - b;
    return a + INT64_MAX - b + INT64_MAX + 2;
  }
  if (a <= INT64_MAX + b) return a - b;
  return a + INT64_MIN - b + INT64_MIN;
}

fr_rate fr_clock_rate(uint64_t tps)
{
  fr_rate rate = {0, 0};
  if (tps == 0) return rate;
  fr_binary64 f = fr_binary64_from_integer(tps);
  fr_binary64 q = fr_binary64_divide(f.sig, 1000000000u);
  fr_binary64 r = fr_binary64_divide(1, q.sig);
  rate.sig = (int64_t)r.sig;
  rate.exp = r.exp - (f.exp + q.exp);
  return rate;
}

int64_t fr_clock_ns(const fr_rate *rate, uint64_t ticks)
{
  if (rate->sig == 0) return INT64_MIN;
  if (ticks == 0) return 0;
  fr_binary64 t = fr_binary64_from_integer(ticks);
  fr_binary64 x = fr_binary64_multiply(t.sig, (uint64_t)rate->sig);
  //@ assert factor: t.sig * rate->sig == fl_sig(ticks, 1) * rate->sig;
  return fr_binary64_to_int64(x.sig, t.exp + rate->exp + x.exp);
}
