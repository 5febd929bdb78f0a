// Convolutions of images as products. Included once per instruction set, after product.inc.h.
//
// An output row is a product of the input, read as a matrix whose rows are windows (they overlap;
// each has a run for each row of the kernel), with the kernel. So nothing is unrolled in memory:
// only where there are zeros around, images are copied to scratch with them.

#ifndef BACKSTEP_CONVOLUTION_SIZES
#define BACKSTEP_CONVOLUTION_SIZES
typedef struct {
  int64_t batch, height, width, channels, kernel_height, kernel_width, filters, stride_y, stride_x,
      top, left, out_height, out_width;
  int64_t padded_height, padded_width;  // of the image with the zeros that windows reach
  int is_padded;
} bs_sizes;

static bs_sizes sizes_of(const int64_t *n) {
  bs_sizes s = {n[0], n[1], n[2], n[3],  n[4],  n[5],  n[6], n[7],
                n[8], n[9], n[10], n[11], n[12], 0,     0,    0};
  int64_t reach_y = (s.out_height - 1) * s.stride_y + s.kernel_height;
  int64_t reach_x = (s.out_width - 1) * s.stride_x + s.kernel_width;
  s.padded_height = reach_y > s.top + s.height ? reach_y : s.top + s.height;
  s.padded_width = reach_x > s.left + s.width ? reach_x : s.left + s.width;
  s.is_padded = s.padded_height != s.height || s.padded_width != s.width;
  return s;
}

// The convolution that takes dy back to dx when strides are 1: over dy, with zeros around, by the
// kernel turned by 180° with channels and filters swapped.
static bs_sizes backward_of(bs_sizes s) {
  int64_t n[13] = {s.batch, s.out_height, s.out_width, s.filters, s.kernel_height, s.kernel_width,
                   s.channels, 1, 1, s.kernel_height - 1 - s.top, s.kernel_width - 1 - s.left,
                   s.height, s.width};
  return sizes_of(n);
}

static int64_t padded_count(bs_sizes s) {
  return s.is_padded ? s.batch * s.padded_height * s.padded_width * s.channels : 0;
}

static int turns_around(bs_sizes s) {
  return s.stride_y == 1 && s.stride_x == 1 && s.top < s.kernel_height && s.left < s.kernel_width;
}

int64_t bs_conv2d_scratch(const int64_t *n) {
  bs_sizes s = sizes_of(n);
  int64_t forward = padded_count(s);
  int64_t backward = s.kernel_height * s.kernel_width * s.channels * s.filters +
                     (turns_around(s) ? padded_count(backward_of(s)) : 0);
  return forward > backward ? forward : backward;
}
#endif

typedef struct {
  bs_sizes s;
  const float *x, *w, *dy;
  float *y;
} NAME(conv_job);

// MARK: Zeros around

static void NAME(pad_task)(const void *context, int64_t b) {
  const NAME(conv_job) *job = context;
  const bs_sizes *s = &job->s;
  const float *from = job->x + b * s->height * s->width * s->channels;
  float *to = job->y + b * s->padded_height * s->padded_width * s->channels;
  size_t row = sizeof(float) * (size_t)(s->width * s->channels);
  memset(to, 0, sizeof(float) * (size_t)(s->padded_height * s->padded_width * s->channels));
  for (int64_t h = 0; h < s->height; h++)
    memcpy(to + ((h + s->top) * s->padded_width + s->left) * s->channels,
           from + h * s->width * s->channels, row);
}

INLINE int NAME(conv_is_large)(const bs_sizes *s) {
  return s->batch * s->out_height * s->out_width * s->kernel_height * s->kernel_width *
             s->channels * s->filters >= 500000;
}

INLINE void NAME(run_conv)(const NAME(conv_job) *job, int64_t tasks,
                           void (*body)(const void *, int64_t)) {
  if (NAME(conv_is_large)(&job->s)) {
    bs_parallel(tasks, body, job);
  } else {
    for (int64_t task = 0; task < tasks; task++) body(job, task);
  }
}

// The images with zeros around: themselves, or a copy in scratch.
static const float *NAME(padded)(bs_sizes s, const float *x, float *scratch) {
  if (!s.is_padded) return x;
  NAME(conv_job) job = {s, x, NULL, NULL, scratch};
  NAME(run_conv)(&job, s.batch, NAME(pad_task));
  return scratch;
}

// MARK: Forward

static void NAME(conv_task)(const void *context, int64_t b) {
  const NAME(conv_job) *job = context;
  const bs_sizes *s = &job->s;
  int64_t depth = s->kernel_width * s->channels, line = s->padded_width * s->channels;
  const float *image = job->x + b * s->padded_height * line;
  float *y = job->y + b * s->out_height * s->out_width * s->filters;
  NAME(matrix) w = NAME(dense)(job->w, s->filters, 1);
  for (int64_t r = 0; r < s->out_height; r++, y += s->out_width * s->filters) {
    NAME(matrix) x = {image + r * s->stride_y * line, s->stride_x * s->channels, 1,
                      s->kernel_height, line};
    NAME(product)(s->out_width, s->filters, depth, x, w, y, s->filters, 0);
  }
}

static void NAME(convolve)(bs_sizes s, const float *x, const float *w, float *y, float *scratch) {
  NAME(conv_job) job = {s, NAME(padded)(s, x, scratch), w, NULL, y};
  NAME(run_conv)(&job, s.batch, NAME(conv_task));
}

static void NAME(conv2d)(const bs_call *c) {
  NAME(convolve)(sizes_of(c->n), c->p[0], c->p[1], c->p[2], c->p[3]);
}

// MARK: Input gradient

// turned[kh, kw, f, c] = w[KH-1-kh, KW-1-kw, c, f]
static void NAME(turn)(bs_sizes s, const float *w, float *turned) {
  int64_t places = s.kernel_height * s.kernel_width, size = s.channels * s.filters;
  for (int64_t place = 0; place < places; place++)
    NAME(transpose)(s.channels, s.filters, w + (places - 1 - place) * size, s.filters,
                    turned + place * size, s.channels);
}

// With strides: dx[b, oh·sy + kh - top, ow·sx + kw - left, :] += dy[b, oh, ow, :] · wᵀ[kh, kw].
static void NAME(scatter_task)(const void *context, int64_t b) {
  const NAME(conv_job) *job = context;
  const bs_sizes *s = &job->s;
  float *dx = job->y + b * s->height * s->width * s->channels;
  const float *dy = job->dy + b * s->out_height * s->out_width * s->filters;
  int64_t places = s->kernel_height * s->kernel_width;
  memset(dx, 0, sizeof(float) * (size_t)(s->height * s->width * s->channels));
  for (int64_t r = 0; r < s->out_height; r++)
    for (int64_t place = 0; place < places; place++) {
      int64_t h = r * s->stride_y + place / s->kernel_width - s->top;
      int64_t shift = place % s->kernel_width - s->left;
      if (h < 0 || h >= s->height) continue;
      int64_t first = shift < 0 ? (-shift + s->stride_x - 1) / s->stride_x : 0;
      int64_t end = s->width - shift <= 0 ? 0 : (s->width - shift - 1) / s->stride_x + 1;
      if (end > s->out_width) end = s->out_width;
      if (first >= end) continue;
      NAME(matrix) left =
          NAME(dense)(dy + (r * s->out_width + first) * s->filters, s->filters, 1);
      NAME(matrix) right = NAME(dense)(
          job->w + (places - 1 - place) * s->filters * s->channels, s->channels, 1);
      NAME(product)(end - first, s->channels, s->filters, left, right,
                    dx + (h * s->width + first * s->stride_x + shift) * s->channels,
                    s->stride_x * s->channels, 1);
    }
}

static void NAME(conv2d_input_gradient)(const bs_call *c) {
  bs_sizes s = sizes_of(c->n);
  float *turned = c->p[3];
  float *rest = turned + s.kernel_height * s.kernel_width * s.channels * s.filters;
  NAME(turn)(s, c->p[1], turned);
  if (turns_around(s)) {
    NAME(convolve)(backward_of(s), c->p[0], turned, c->p[2], rest);
  } else {
    NAME(conv_job) job = {s, NULL, turned, c->p[0], c->p[2]};
    NAME(run_conv)(&job, s.batch, NAME(scatter_task));
  }
}

// MARK: Kernel gradient

// A few rows of dw in one row of the kernel: dw[kh] = Σ over images and places of xᵀ·dy.
static void NAME(kernel_gradient_task)(const void *context, int64_t task) {
  const NAME(conv_job) *job = context;
  const bs_sizes *s = &job->s;
  int64_t depth = s->kernel_width * s->channels, line = s->padded_width * s->channels;
  int64_t parts = (depth + 2 * ROWS - 1) / (2 * ROWS);
  int64_t kh = task / parts, first = task % parts * 2 * ROWS;
  int64_t rows = depth - first < 2 * ROWS ? depth - first : 2 * ROWS;
  float *dw = job->y + (kh * depth + first) * s->filters;
  for (int64_t b = 0; b < s->batch; b++) {
    NAME(matrix) x = {job->x + (b * s->padded_height + kh) * line + first, 1,
                      s->stride_x * s->channels, s->out_height, s->stride_y * line};
    NAME(matrix) dy =
        NAME(dense)(job->dy + b * s->out_height * s->out_width * s->filters, s->filters, 1);
    NAME(product)(rows, s->filters, s->out_width, x, dy, dw, s->filters, b > 0);
  }
}

static void NAME(conv2d_kernel_gradient)(const bs_call *c) {
  bs_sizes s = sizes_of(c->n);
  NAME(conv_job) job = {s, NAME(padded)(s, c->p[0], c->p[3]), NULL, c->p[1], c->p[2]};
  int64_t parts = (s.kernel_width * s.channels + 2 * ROWS - 1) / (2 * ROWS);
  NAME(run_conv)(&job, s.kernel_height * parts, NAME(kernel_gradient_task));
}
