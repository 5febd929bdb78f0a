// The sizes of a convolution of images, and what follows from them.
#ifndef BACKSTEP_CONVOLUTION_SIZES
#define BACKSTEP_CONVOLUTION_SIZES

#include <stdint.h>

typedef struct {
  int64_t batch, height, width, channels, kernel_height, kernel_width, filters, stride_y, stride_x,
      top, left, out_height, out_width, dilation_y, dilation_x, groups;
  int64_t group_channels, group_filters;  // of one group
  int64_t padded_height, padded_width;    // of the image with the zeros that windows reach
  int is_padded;
} bs_sizes;

static inline bs_sizes sizes_of(const int64_t *n) {
  bs_sizes s = {.batch = n[0], .height = n[1], .width = n[2], .channels = n[3],
                .kernel_height = n[4], .kernel_width = n[5], .filters = n[6], .stride_y = n[7],
                .stride_x = n[8], .top = n[9], .left = n[10], .out_height = n[11],
                .out_width = n[12], .dilation_y = n[13], .dilation_x = n[14], .groups = n[15]};
  s.group_channels = s.channels / s.groups;
  s.group_filters = s.filters / s.groups;
  int64_t reach_y = (s.out_height - 1) * s.stride_y + (s.kernel_height - 1) * s.dilation_y + 1;
  int64_t reach_x = (s.out_width - 1) * s.stride_x + (s.kernel_width - 1) * s.dilation_x + 1;
  s.padded_height = reach_y > s.top + s.height ? reach_y : s.top + s.height;
  s.padded_width = reach_x > s.left + s.width ? reach_x : s.left + s.width;
  s.is_padded = s.padded_height != s.height || s.padded_width != s.width;
  return s;
}

// The convolution that takes dy back to dx when strides are 1: over dy, with zeros around, by the
// kernel turned by 180° with channels and filters swapped.
static inline bs_sizes backward_of(bs_sizes s) {
  int64_t n[16] = {s.batch, s.out_height, s.out_width, s.filters, s.kernel_height, s.kernel_width,
                   s.channels, 1, 1, (s.kernel_height - 1) * s.dilation_y - s.top,
                   (s.kernel_width - 1) * s.dilation_x - s.left, s.height, s.width, s.dilation_y,
                   s.dilation_x, s.groups};
  return sizes_of(n);
}

static inline int64_t padded_count(bs_sizes s) {
  return s.is_padded ? s.batch * s.padded_height * s.padded_width * s.channels : 0;
}

static inline int64_t kernel_count(bs_sizes s) {
  return s.kernel_height * s.kernel_width * s.group_channels * s.filters;
}

static inline int turns_around(bs_sizes s) {
  return s.stride_y == 1 && s.stride_x == 1 && s.top <= (s.kernel_height - 1) * s.dilation_y &&
         s.left <= (s.kernel_width - 1) * s.dilation_x;
}

// Whether every channel has one filter of its own.
static inline int is_depthwise(bs_sizes s) {
  return s.groups > 1 && s.groups == s.channels && s.channels == s.filters;
}

// Whether the places of a kernel row lie side by side in an image.
static inline int has_dense_rows(bs_sizes s) {
  return s.groups == 1 && (s.dilation_x == 1 || s.kernel_width == 1);
}

// Whether the input gradient, where strides are 1, is made sooner by adding the part of each place of
// the kernel than as a convolution over dy with zeros around: when many products were with zeros, and
// the rows are long enough.
static inline int scatters_better(bs_sizes s) {
  int64_t useful = 0;  // columns of dx that a place of the kernel's row gives something to
  for (int64_t kw = 0; kw < s.kernel_width; kw++) {
    int64_t shift = kw * s.dilation_x - s.left;
    int64_t end = s.width - shift < s.out_width ? s.width - shift : s.out_width;
    int64_t first = shift < 0 ? -shift : 0;
    useful += end > first ? end - first : 0;
  }
  return s.out_width >= 8 && s.group_filters >= 32 && s.group_channels >= 16 &&
         10 * useful < 9 * s.width * s.kernel_width;
}

#endif
