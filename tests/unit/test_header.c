#include "unit.h"
#include "header.h"
#include <stdbool.h>

static const struct {
  char bytes[FR_HEADER_SIZE + 1];
  fr_status status;
  uint32_t version;
} headers[] = {
  {"go 1.11 trace\0\0\0", FR_OK, 11},
  {"go 1.19 trace\0\0\0", FR_OK, 19},
  {"go 1.21 trace\0\0\0", FR_OK, 21},
  {"go 1.22 trace\0\0\0", FR_OK, 22},
  {"go 1.23 trace\0\0\0", FR_OK, 23},
  {"go 1.25 trace\0\0\0", FR_OK, 25},
  {"go 1.26 trace\0\0\0", FR_OK, 26},
  {"go 1.00 trace\0\0\0", FR_BAD_VERSION, 0},
  {"go 1.24 trace\0\0\0", FR_BAD_VERSION, 0},
  {"go 1.27 trace\0\0\0", FR_BAD_VERSION, 0},
  {"go 1.62 trace\0\0\0", FR_BAD_VERSION, 0},
  {"go 1.99 trace\0\0\0", FR_BAD_VERSION, 0},
  {"go 1.5 trace\0\0\0\0", FR_BAD_HEADER, 0},
  {"go 1.126 trace\0\0", FR_BAD_HEADER, 0},
  {"go 2.26 trace\0\0\0", FR_BAD_HEADER, 0},
  {"go 1.2/ trace\0\0\0", FR_BAD_HEADER, 0},
  {"go 1.2: trace\0\0\0", FR_BAD_HEADER, 0},
  {"go 1./6 trace\0\0\0", FR_BAD_HEADER, 0},
  {"go 1.:6 trace\0\0\0", FR_BAD_HEADER, 0},
  {"Go 1.26 trace\0\0\0", FR_BAD_HEADER, 0},
  {"go 1.26 trace\0\0 ", FR_BAD_HEADER, 0},
  {"go 1.26 tracing\0", FR_BAD_HEADER, 0},
  {"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", FR_BAD_HEADER, 0},
};

static void expect_get(const uint8_t *bytes, fr_status status, uint32_t version)
{
  uint8_t *h = exact(bytes, FR_HEADER_SIZE);
  uint32_t got = 0x5a5a;
  assert_int_equal(fr_header_get(h, &got), status);
  assert_int_equal(got, status == FR_OK ? version : 0x5a5a);
  free(h);
}

static void test_headers(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(headers); i++) {
    expect_get((const uint8_t *)headers[i].bytes, headers[i].status, headers[i].version);
  }
}

/* Of the hundred versions of two digits, those in the table and no others are known. */
static void test_every_version(void **state)
{
  (void)state;
  for (uint32_t nn = 0; nn < 100; nn++) {
    uint8_t h[FR_HEADER_SIZE + 1] = "go 1.NN trace\0\0\0";
    fr_status status = FR_BAD_VERSION;
    for (size_t i = 0; i < COUNT(headers); i++) {
      if (headers[i].status == FR_OK && headers[i].version == nn) status = FR_OK;
    }
    h[5] = (uint8_t)('0' + nn / 10);
    h[6] = (uint8_t)('0' + nn % 10);
    expect_get(h, status, nn);
  }
}

/* Any other byte in any place but the two digits' makes it no header. */
static void test_every_byte(void **state)
{
  (void)state;
  for (size_t place = 0; place < FR_HEADER_SIZE; place++) {
    for (unsigned byte = 0; byte < 256; byte++) {
      uint8_t h[FR_HEADER_SIZE + 1] = "go 1.26 trace\0\0\0";
      bool digit = (place == 5 || place == 6) && byte >= '0' && byte <= '9';
      if (digit || h[place] == byte) continue;
      h[place] = (uint8_t)byte;
      expect_get(h, FR_BAD_HEADER, 0);
    }
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_headers),
    cmocka_unit_test(test_every_version),
    cmocka_unit_test(test_every_byte),
  };
  return cmocka_run_group_tests_name("header", tests, NULL, NULL);
}
