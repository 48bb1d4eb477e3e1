/* What a reader of a stream may rely on about frames, each theorem with one sentence. Nothing here is compiled into the
 * program. */

#include "frame.h"

/*@
  axiomatic thm_longer {
    // A uvarint stays what it is when bytes follow; one that is cut ends behind the cut.
    lemma thm_parse_longer{L}: \forall uint8_t *p, integer n, k; 0 <= n <= k ==> uv_parse(p, n) != 0 ==>
      uv_parse(p, k) == uv_parse(p, n);
    lemma thm_value_natural{L}: \forall uint8_t *p, integer n; 0 <= n ==> n <= 10 ==> 0 <= uv_value(p, n);
    lemma thm_number_natural{L}: \forall uint8_t *p, integer k, o; uv_parse(p + o, k - o) > 0 ==>
      0 <= bt_number(p, k, o);
    lemma thm_parse_cut{L}: \forall uint8_t *p, integer n, k; 0 <= n <= k ==> uv_parse(p, n) == 0 ==>
      uv_parse(p, k) > 0 ==> uv_parse(p, k) > n;
    lemma thm_next_longer{L}: \forall uint8_t *p, integer n, k, o; o <= n <= k ==> uv_parse(p + o, n - o) > 0 ==>
      uv_parse(p + o, k - o) > 0 && bt_next(p, k, o) == bt_next(p, n, o) <= n &&
      bt_number(p, k, o) == bt_number(p, n, o);
    lemma thm_next_cut{L}: \forall uint8_t *p, integer n, k, o; o <= n <= k ==> uv_parse(p + o, n - o) == 0 ==>
      uv_parse(p + o, k - o) > 0 ==> bt_next(p, k, o) > n;
    lemma thm_next_moves{L}: \forall uint8_t *p, integer k, o; uv_parse(p + o, k - o) > 0 ==>
      o < bt_next(p, k, o) <= k;
  }

  axiomatic thm_fields_longer {
    // So do the four fields of a batch.
    lemma thm_order{L}: \forall uint8_t *p, integer k, o; fm_parse(p, k, o) > 0 ==>
      o < bt_m_off(p, k, o) < bt_time_off(p, k, o) < bt_size_off(p, k, o) < bt_data_off(p, k, o) <= k;
    lemma thm_m_longer{L}: \forall uint8_t *p, integer n, k, o; o <= n <= k ==> uv_parse(p + o, n - o) > 0 ==>
      uv_parse(p + o, k - o) > 0 && bt_m_off(p, k, o) == bt_m_off(p, n, o) <= n;
    lemma thm_time_longer{L}: \forall uint8_t *p, integer n, k, o; o <= n <= k ==> uv_parse(p + o, n - o) > 0 ==>
      uv_parse(p + bt_m_off(p, n, o), n - bt_m_off(p, n, o)) > 0 ==>
      uv_parse(p + bt_m_off(p, k, o), k - bt_m_off(p, k, o)) > 0 && bt_time_off(p, k, o) == bt_time_off(p, n, o) <= n;
    lemma thm_size_longer{L}: \forall uint8_t *p, integer n, k, o; o <= n <= k ==> uv_parse(p + o, n - o) > 0 ==>
      uv_parse(p + bt_m_off(p, n, o), n - bt_m_off(p, n, o)) > 0 ==>
      uv_parse(p + bt_time_off(p, n, o), n - bt_time_off(p, n, o)) > 0 ==>
      uv_parse(p + bt_time_off(p, k, o), k - bt_time_off(p, k, o)) > 0 &&
      bt_size_off(p, k, o) == bt_size_off(p, n, o) <= n;
    lemma thm_data_longer{L}: \forall uint8_t *p, integer n, k, o; o <= n <= k ==> uv_parse(p + o, n - o) > 0 ==>
      uv_parse(p + bt_m_off(p, n, o), n - bt_m_off(p, n, o)) > 0 ==>
      uv_parse(p + bt_time_off(p, n, o), n - bt_time_off(p, n, o)) > 0 ==>
      uv_parse(p + bt_size_off(p, n, o), n - bt_size_off(p, n, o)) > 0 ==>
      uv_parse(p + bt_size_off(p, k, o), k - bt_size_off(p, k, o)) > 0 &&
      bt_data_off(p, k, o) == bt_data_off(p, n, o) <= n && fm_size(p, k, o) == fm_size(p, n, o);
    lemma thm_fields_whole{L}: \forall uint8_t *p, integer n, k, o; o <= n <= k ==> fm_parse(p, n, o) > 0 ==>
      fm_parse(p, k, o) == 1 && bt_data_off(p, k, o) == bt_data_off(p, n, o) <= n &&
      fm_size(p, k, o) == fm_size(p, n, o);
    lemma thm_cut_gen{L}: \forall uint8_t *p, integer n, k, o; o <= n <= k ==> uv_parse(p + o, n - o) == 0 ==>
      fm_parse(p, k, o) > 0 ==> bt_data_off(p, k, o) > n;
    lemma thm_cut_m{L}: \forall uint8_t *p, integer n, k, o; o <= n <= k ==> uv_parse(p + o, n - o) > 0 ==>
      uv_parse(p + bt_m_off(p, n, o), n - bt_m_off(p, n, o)) == 0 ==>
      fm_parse(p, k, o) > 0 ==> bt_data_off(p, k, o) > n;
    lemma thm_cut_time{L}: \forall uint8_t *p, integer n, k, o; o <= n <= k ==> uv_parse(p + o, n - o) > 0 ==>
      uv_parse(p + bt_m_off(p, n, o), n - bt_m_off(p, n, o)) > 0 ==>
      uv_parse(p + bt_time_off(p, n, o), n - bt_time_off(p, n, o)) == 0 ==>
      fm_parse(p, k, o) > 0 ==> bt_data_off(p, k, o) > n;
    lemma thm_cut_size{L}: \forall uint8_t *p, integer n, k, o; o <= n <= k ==> uv_parse(p + o, n - o) > 0 ==>
      uv_parse(p + bt_m_off(p, n, o), n - bt_m_off(p, n, o)) > 0 ==>
      uv_parse(p + bt_time_off(p, n, o), n - bt_time_off(p, n, o)) > 0 ==>
      uv_parse(p + bt_size_off(p, n, o), n - bt_size_off(p, n, o)) == 0 ==>
      fm_parse(p, k, o) > 0 ==> bt_data_off(p, k, o) > n;
    lemma thm_fields_cut{L}: \forall uint8_t *p, integer n, k, o; o <= n <= k ==> fm_parse(p, n, o) == 0 ==>
      fm_parse(p, k, o) > 0 ==> bt_data_off(p, k, o) > n;
  }

  axiomatic thm_frames {
    lemma thm_size_natural{L}: \forall uint8_t *p, integer k, o; fm_parse(p, k, o) > 0 ==> 0 <= fm_size(p, k, o);
    lemma thm_batch_fields{L}: \forall fr_system *s, uint8_t *p, integer k, o;
      fm_batch_status(s, p, k, o) == FR_OK ==> fm_parse(p, k, o) > 0 &&
      fm_batch_used(s, p, k, o) == fm_end(p, k, o) <= k;
    lemma thm_status_batch{L}: \forall fr_system *s, uint8_t *p, integer version, k; fm_begins(s, p, k) ==>
      fm_status(s, version, p, k) == fm_batch_status(s, p, k, fm_first(s, p)) &&
      fm_used(s, version, p, k) == fm_batch_used(s, p, k, fm_first(s, p));
    lemma thm_status_fields{L}: \forall fr_system *s, uint8_t *p, integer version, k; fm_begins(s, p, k) ==>
      fm_status(s, version, p, k) == FR_OK ==> fm_parse(p, k, fm_first(s, p)) > 0 &&
      fm_used(s, version, p, k) == fm_end(p, k, fm_first(s, p)) <= k && 0 <= fm_size(p, k, fm_first(s, p));
    lemma thm_cut_fields{L}: \forall fr_system *s, uint8_t *p, integer version, n;
      fm_status(s, version, p, n) == FR_TRUNCATED ==> n > 0 && (fm_first(s, p) > n && n == 1 ||
        (fm_first(s, p) <= n && fm_parse(p, n, fm_first(s, p)) == 0) ||
        (fm_first(s, p) <= n && fm_parse(p, n, fm_first(s, p)) > 0));

    lemma thm_cut_begins{L}: \forall fr_system *s, uint8_t *p, integer version, n, k;
      fm_status(s, version, p, n) == FR_TRUNCATED ==> n < k ==> fm_begins(s, p, k);

    // Who waits for as many bytes as were asked for does not get more than the batch: it ends with them, if it is read.
    lemma thm_asked_for{L}: \forall fr_system *s, uint8_t *p, integer version, n, k; 0 <= n ==>
      fm_status(s, version, p, n) == FR_TRUNCATED ==> n < k <= fm_need(s, p, n) ==>
      fm_status(s, version, p, k) == FR_OK ==> fm_used(s, version, p, k) == k;

    // What is read stays as it is when bytes follow, in a stream and where a write's rest is ignored.
    lemma thm_frame_longer{L}: \forall fr_system *s, uint8_t *p, integer version, n, k; 0 < n <= k ==>
      s->framing == FR_FRAMING_STREAM ==> fm_status(s, version, p, n) == FR_OK ==>
      fm_status(s, version, p, k) == FR_OK && fm_used(s, version, p, k) == fm_used(s, version, p, n);
  }
*/
