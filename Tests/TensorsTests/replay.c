// Runs calls of kernels from a file on the processor it was compiled for, and compares what they
// leave in their buffers with what another processor left there, bit for bit.
//
//     replay FILE THREADS
//
// The file is what KernelRecord.swift writes: records of little-endian numbers. Prints each call
// that differs, and how many were run.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ckernels.h"

enum { BEHIND = 64 };  // numbers behind each buffer

static FILE *file;

static int read_bytes(void *to, size_t count) { return fread(to, 1, count, file) == count; }

static void need(void *to, size_t count) {
  if (read_bytes(to, count)) return;
  fprintf(stderr, "the file ends in the middle of a call\n");
  exit(2);
}

static int64_t need_count(void) {
  int64_t count;
  need(&count, sizeof count);
  return count;
}

// A buffer as the file has it: its length (-1: none), then its numbers.
static float *need_numbers(int64_t *count) {
  *count = need_count();
  if (*count < 0) return NULL;
  float *numbers = calloc((size_t)*count + BEHIND, sizeof(float));
  need(numbers, (size_t)*count * sizeof(float));
  return numbers;
}

static const bs_program *need_program(void) {
  if (need_count() == 0) return NULL;
  bs_program *program = calloc(1, sizeof *program);
  need(&program->buffers, sizeof program->buffers);
  need(&program->scalars, sizeof program->scalars);
  need(&program->registers, sizeof program->registers);
  need(&program->row_numbers, sizeof program->row_numbers);
  need(&program->read_row_numbers, sizeof program->read_row_numbers);
  need(&program->works_in_place, sizeof program->works_in_place);
  need(program->is_read, sizeof program->is_read);
  need(program->is_written, sizeof program->is_written);
  need(program->is_spread, sizeof program->is_spread);
  int64_t count;
  program->constants = need_numbers(&count);
  program->constant_count = count;
  program->prologue_count = need_count();
  program->row_step_count = need_count();
  program->step_count = need_count();
  size_t count_of_all =
      (size_t)(program->prologue_count + program->row_step_count + program->step_count);
  size_t size = count_of_all * sizeof(bs_step);
  bs_step *steps = malloc(size + 1);
  need(steps, size);
  program->prologue = steps;
  program->row_steps = steps + program->prologue_count;
  program->steps = program->row_steps + program->row_step_count;
  return program;
}

static int is_nan(uint32_t bits) { return (bits & 0x7fffffff) > 0x7f800000; }

// How many numbers differ; two that are none (NaN) do not.
static int64_t differences(const float *a, const float *b, int64_t count) {
  int64_t different = 0;
  for (int64_t i = 0; i < count; i++) {
    uint32_t x, y;
    memcpy(&x, a + i, 4);
    memcpy(&y, b + i, 4);
    if (x == y || (is_nan(x) && is_nan(y))) continue;
    if (different++ == 0) printf("  first at %" PRId64 ": %a here, %a there\n", i, a[i], b[i]);
  }
  return different;
}

static int64_t run_call(const char *name) {
  int64_t kernel = need_count(), counts[8], expected_counts[8], different = 0;
  bs_env env;
  bs_call call = {.env = &env};
  need(call.n, sizeof call.n);
  need(call.f, sizeof call.f);
  need(&call.key, sizeof call.key);
  need(&env.seed, sizeof env.seed);
  need(&env.step, sizeof env.step);
  need(&env.learning_rate, sizeof env.learning_rate);
  for (int i = 0; i < 8; i++) call.p[i] = need_numbers(&counts[i]);
  call.program = need_program();
  bs_kernel_function((bs_kernel_id)kernel)(&call);
  for (int i = 0; i < 8; i++) {
    float *expected = need_numbers(&expected_counts[i]);
    int64_t here = expected ? differences(call.p[i], expected, expected_counts[i]) : 0;
    if (here) printf("%s: buffer %d differs in %" PRId64 " numbers\n", name, i, here);
    different += here;
    free(expected);
    free(call.p[i]);
  }
  return different;
}

int main(int argc, char **arguments) {
  if (argc != 3 || !(file = fopen(arguments[1], "rb"))) {
    fprintf(stderr, "usage: replay FILE THREADS\n");
    return 2;
  }
  bs_flush_denormals();
  bs_set_threads(atoi(arguments[2]));
  int64_t length, calls = 0, different = 0;
  for (; read_bytes(&length, sizeof length); calls++) {
    char *name = calloc((size_t)length + 1, 1);
    need(name, (size_t)length);
    different += run_call(name) != 0;
    free(name);
  }
  printf("%" PRId64 " calls on %s, %" PRId64 " differ\n", calls, bs_tier(), different);
  return different != 0;
}
