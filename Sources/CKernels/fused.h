// a·b + c rounded once, on processors that have no instruction for it. Included once, on x86.
//
// The exact value is squeezed into a wider number by rounding to odd, which keeps in the last bit
// that something was lost; rounding that once more gives what a fused multiply-add gives
// (S. Boldo and G. Melquiond, "Emulation of a FMA and correctly rounded sums: proved algorithms
// using rounding to odd", IEEE Transactions on Computers, 2008).

typedef double w4 __attribute__((vector_size(32)));
typedef int64_t x4 __attribute__((vector_size(32)));
typedef double w8 __attribute__((vector_size(64)));
typedef int64_t x8 __attribute__((vector_size(64)));

// a + b rounded to odd: of the two numbers around an inexact sum the one whose last bit is 1. The
// error of a sum is a number itself (D. Knuth, The Art of Computer Programming, volume 2, 4.2.2).
#define SUM_TO_ODD(a, b, sum, L, D)                                                \
  do {                                                                             \
    D part_ = (sum) - (a);                                                         \
    D error_ = ((a) - ((sum) - part_)) + ((b) - part_);                            \
    L is_even_ = (((L)(sum) & 1) == 0) & ((error_ > 0.0) | (error_ < 0.0));        \
    L is_farther_ = (error_ > 0.0) == ((sum) > 0.0);                               \
    (sum) = (D)((L)(sum) + (is_even_ & ((is_farther_ & 1) | (~is_farther_ & -1)))); \
  } while (0)

// The product of two Float32 is a Float64.
static __attribute__((noinline, overloadable)) v4 fused(v4 a, v4 b, v4 c) {
  w4 product = __builtin_convertvector(a, w4) * __builtin_convertvector(b, w4);
  w4 addend = __builtin_convertvector(c, w4);
  w4 sum = product + addend;
  SUM_TO_ODD(product, addend, sum, x4, w4);
  return __builtin_convertvector(sum, v4);
}

static __attribute__((noinline, overloadable)) v16 fused(v16 a, v16 b, v16 c) {
#define QUARTER(v, i) __builtin_shufflevector(v, v, 4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3)
#define FUSED_QUARTER(i) fused(QUARTER(a, i), QUARTER(b, i), QUARTER(c, i))
  v8 low = __builtin_shufflevector(FUSED_QUARTER(0), FUSED_QUARTER(1), 0, 1, 2, 3, 4, 5, 6, 7);
  v8 high = __builtin_shufflevector(FUSED_QUARTER(2), FUSED_QUARTER(3), 0, 1, 2, 3, 4, 5, 6, 7);
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#undef FUSED_QUARTER
#undef QUARTER
}

// The product of two Float64 as a sum of two (G. W. Veltkamp and T. J. Dekker, 1971), then the three
// numbers from the small ones up, the last but one sum to odd. Numbers beyond 2⁹⁹⁰ become NaN.
INLINE __attribute__((overloadable)) w8 fused(w8 a, w8 b, w8 c) {
  const double splitter = 134217729;  // 2²⁷ + 1
  w8 a_high = splitter * a - (splitter * a - a), a_low = a - a_high;
  w8 b_high = splitter * b - (splitter * b - b), b_low = b - b_high;
  w8 high = a * b;
  w8 low = a_low * b_low - (((high - a_high * b_high) - a_low * b_high) - a_high * b_low);
  w8 small = c + low, part = small - c;
  w8 small_error = (c - (small - part)) + (low - part);
  w8 sum = high + small;
  part = sum - high;
  w8 error = (high - (sum - part)) + (small - part);
  w8 rest = small_error + error;
  SUM_TO_ODD(small_error, error, rest, x8, w8);
  return sum + rest;
}
#undef SUM_TO_ODD
