// Convolutions of images as products. Included once per instruction set, after product.inc.h.
//
// An output row is a product of the input, read as a matrix whose rows are windows (they overlap;
// each has a run for each row of the kernel), with the kernel. So nothing is unrolled in memory:
// only where there are zeros around, images are copied to scratch with them.
//
// Where the places of a kernel row do not touch (dilation across, groups of channels), each row of
// the kernel is a product by itself, with a run for each of its places; the products add up in y.
// Where every channel has a filter of its own (a depthwise convolution), channels are the lanes.

typedef struct {
  bs_sizes s;
  const float *x, *w, *dy;
  float *y;
  int64_t tasks;
} NAME(conv_job);

// MARK: Zeros around

static void NAME(pad_task)(const void *context, int64_t b) {
  const NAME(conv_job) *job = context;
  const bs_sizes *s = &job->s;
  int64_t row = s->width * s->channels, line = s->padded_width * s->channels;
  int64_t before = s->top * line + s->left * s->channels;
  const float *from = job->x + b * s->height * row;
  float *to = job->y + b * s->padded_height * line, *end = to + s->padded_height * line;
  EACH(before, STORE(to + i, (v16){}););
  to += before;
  for (int64_t h = 0; h < s->height; h++, from += row, to += line) {
    EACH(row, STORE(to + i, LOAD(from + i)););
    int64_t after = h + 1 < s->height ? line - row : end - to - row;
    EACH(after, STORE(to + row + i, (v16){}););
  }
}

INLINE int NAME(conv_is_large)(const bs_sizes *s) {
  return s->batch * s->out_height * s->out_width * s->kernel_height * s->kernel_width *
             s->group_channels * s->filters >= 500000;
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

// One output row where kernel rows are dense: a product. Rows of the kernel that lie wholly in the
// zeros above or below the image add nothing and are left out.
INLINE void NAME(dense_row)(const bs_sizes *s, int64_t row, const float *image, const float *w,
                            float *y) {
  int64_t depth = s->kernel_width * s->channels, line = s->padded_width * s->channels;
  int64_t above = s->top - row * s->stride_y, below = above + s->height;
  int64_t first = above > 0 ? (above + s->dilation_y - 1) / s->dilation_y : 0;
  int64_t end = below > 0 ? (below + s->dilation_y - 1) / s->dilation_y : 0;
  if (end > s->kernel_height) end = s->kernel_height;
  if (first >= end) {
    memset(y, 0, sizeof(float) * (size_t)(s->out_width * s->filters));
    return;
  }
  NAME(matrix) x = {image + (row * s->stride_y + first * s->dilation_y) * line,
                    s->stride_x * s->channels, 1, end - first, s->dilation_y * line};
  NAME(product)(s->out_width, s->filters, depth, x,
                NAME(dense)(w + first * depth * s->filters, s->filters, 1), y, s->filters, 0);
}

// One output row of any geometry: a product for each group and row of the kernel.
static void NAME(sparse_row)(const bs_sizes *s, const float *image, const float *w, float *y) {
  int64_t depth = s->kernel_width * s->group_channels, line = s->padded_width * s->channels;
  for (int64_t g = 0; g < s->groups; g++)
    for (int64_t kh = 0; kh < s->kernel_height; kh++) {
      NAME(matrix) x = {image + kh * s->dilation_y * line + g * s->group_channels,
                        s->stride_x * s->channels, 1, s->kernel_width,
                        s->dilation_x * s->channels};
      NAME(matrix) weights =
          NAME(dense)(w + kh * depth * s->filters + g * s->group_filters, s->filters, 1);
      NAME(product)(s->out_width, s->group_filters, s->group_channels, x, weights,
                    y + g * s->group_filters, s->filters, kh > 0);
    }
}

// `places` outputs side by side of n channels that have a filter each.
INLINE void NAME(lane_block)(const int places, const bs_sizes *s, int n, const float *image,
                             const float *w, float *y) {
  int64_t line = s->padded_width * s->channels, step = s->stride_x * s->channels;
  VECTOR sum[ROWS];
#pragma clang loop unroll(full)
  for (int i = 0; i < places; i++) sum[i] = (VECTOR){};
  for (int64_t kh = 0; kh < s->kernel_height; kh++)
    for (int64_t kw = 0; kw < s->kernel_width; kw++) {
      VECTOR weight = NAME(load)(w + (kh * s->kernel_width + kw) * s->channels, n);
      const float *x = image + kh * s->dilation_y * line + kw * s->dilation_x * s->channels;
#pragma clang loop unroll(full)
      for (int i = 0; i < places; i++) sum[i] = FMA(NAME(load)(x + i * step, n), weight, sum[i]);
    }
#pragma clang loop unroll(full)
  for (int i = 0; i < places; i++) NAME(store)(y + i * s->channels, sum[i], n);
}

INLINE void NAME(lane_columns)(const bs_sizes *s, int n, const float *image, const float *w,
                               float *y) {
  int64_t column = 0, step = s->stride_x * s->channels;
  for (; column + ROWS <= s->out_width; column += ROWS)
    NAME(lane_block)(ROWS, s, n, image + column * step, w, y + column * s->channels);
  for (; column < s->out_width; column++)
    NAME(lane_block)(1, s, n, image + column * step, w, y + column * s->channels);
}

// One output row of a depthwise convolution.
static void NAME(depthwise_row)(const bs_sizes *s, const float *image, const float *w, float *y) {
  int64_t c = 0;
  for (; c + WIDTH <= s->channels; c += WIDTH)
    NAME(lane_columns)(s, WIDTH, image + c, w + c, y + c);
  if (c < s->channels)
    NAME(lane_columns)(s, (int)(s->channels - c), image + c, w + c, y + c);
}

// All output rows of a small image as one product.
static void NAME(small_image)(const bs_sizes *s, const float *image, const float *w, float *y) {
  int64_t line = s->padded_width * s->channels;
  NAME(matrix) x = {image, s->stride_x * s->channels, 1, s->kernel_height, s->dilation_y * line};
  NAME(folded_product)(0, s->out_height * s->out_width, s->filters, s->kernel_width * s->channels,
                       &x, (NAME(lines)){s->out_width, s->stride_y * line}, w, y, 0);
}

static void NAME(conv_task)(const void *context, int64_t b) {
  const NAME(conv_job) *job = context;
  const bs_sizes *s = &job->s;
  int64_t line = s->padded_width * s->channels;
  const float *image = job->x + b * s->padded_height * line;
  float *y = job->y + b * s->out_height * s->out_width * s->filters;
  if (has_dense_rows(*s) && s->filters <= WIDTH && s->out_width <= ROWS) {
    NAME(small_image)(s, image, job->w, y);
    return;
  }
  int is_dense = has_dense_rows(*s), has_lanes = is_depthwise(*s);
  for (int64_t r = 0; r < s->out_height; r++, y += s->out_width * s->filters) {
    const float *first = image + r * s->stride_y * line;
    if (is_dense)
      NAME(dense_row)(s, r, image, job->w, y);
    else if (has_lanes)
      NAME(depthwise_row)(s, first, job->w, y);
    else
      NAME(sparse_row)(s, first, job->w, y);
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

// turned[kh, kw, f, c] = w[KH-1-kh, KW-1-kw, c, f], within each group
static void NAME(turn)(bs_sizes s, const float *w, float *turned) {
  int64_t places = s.kernel_height * s.kernel_width;
  for (int64_t place = 0; place < places; place++, turned += s.group_filters * s.channels) {
    const float *from = w + (places - 1 - place) * s.group_channels * s.filters;
    if (is_depthwise(s)) {
      memcpy(turned, from, sizeof(float) * (size_t)s.channels);
      continue;
    }
    for (int64_t g = 0; g < s.groups; g++)
      NAME(transpose)(s.group_channels, s.group_filters, from + g * s.group_filters, s.filters,
                      turned + g * s.group_channels, s.channels);
  }
}

// dx += dy · w, channel by channel, at `count` places of an output row.
static void NAME(scatter_lanes)(const bs_sizes *s, int64_t count, const float *dy, const float *w,
                                float *dx) {
  for (int64_t i = 0; i < count; i++, dy += s->channels, dx += s->stride_x * s->channels)
    for (int64_t c = 0; c < s->channels; c += WIDTH) {
      int n = s->channels - c < WIDTH ? (int)(s->channels - c) : WIDTH;
      NAME(store)(dx + c, FMA(NAME(load)(dy + c, n), NAME(load)(w + c, n), NAME(load)(dx + c, n)),
                  n);
    }
}

// dx += dy · wᵀ at `count` places of an output row, for one place of the turned kernel.
static void NAME(scatter_place)(const bs_sizes *s, int64_t count, const float *dy, const float *w,
                                float *dx) {
  if (is_depthwise(*s)) {
    NAME(scatter_lanes)(s, count, dy, w, dx);
    return;
  }
  for (int64_t g = 0; g < s->groups; g++)
    NAME(product)(count, s->group_channels, s->group_filters,
                  NAME(dense)(dy + g * s->group_filters, s->filters, 1),
                  NAME(dense)(w + g * s->group_channels, s->channels, 1),
                  dx + g * s->group_channels, s->stride_x * s->channels, 1);
}

// With strides: dx[b, oh·sy + kh·dy - top, ow·sx + kw·dx - left, :] += dy[b, oh, ow, :] · wᵀ[kh, kw],
// the last kw first, so that every pixel sums over (oh, ow) in order.
static void NAME(scatter_task)(const void *context, int64_t b) {
  const NAME(conv_job) *job = context;
  const bs_sizes *s = &job->s;
  float *dx = job->y + b * s->height * s->width * s->channels;
  const float *dy = job->dy + b * s->out_height * s->out_width * s->filters;
  int64_t places = s->kernel_height * s->kernel_width, size = s->group_filters * s->channels;
  memset(dx, 0, sizeof(float) * (size_t)(s->height * s->width * s->channels));
  for (int64_t r = 0; r < s->out_height; r++)
    for (int64_t kh = 0; kh < s->kernel_height; kh++) {
      int64_t h = r * s->stride_y + kh * s->dilation_y - s->top;
      if (h < 0 || h >= s->height) continue;
      for (int64_t kw = s->kernel_width - 1; kw >= 0; kw--) {
        int64_t shift = kw * s->dilation_x - s->left;
        int64_t first = shift < 0 ? (-shift + s->stride_x - 1) / s->stride_x : 0;
        int64_t end = s->width - shift <= 0 ? 0 : (s->width - shift - 1) / s->stride_x + 1;
        if (end > s->out_width) end = s->out_width;
        if (first >= end) continue;
        NAME(scatter_place)(s, end - first, dy + (r * s->out_width + first) * s->filters,
                            job->w + (places - 1 - kh * s->kernel_width - kw) * size,
                            dx + (h * s->width + first * s->stride_x + shift) * s->channels);
      }
    }
}

static void NAME(conv2d_input_gradient)(const bs_call *c) {
  bs_sizes s = sizes_of(c->n);
  float *turned = c->p[3];
  NAME(turn)(s, c->p[1], turned);
  if (turns_around(s) && !scatters_better(s)) {
    NAME(convolve)(backward_of(s), c->p[0], turned, c->p[2], turned + kernel_count(s));
  } else {
    NAME(conv_job) job = {s, NULL, turned, c->p[0], c->p[2]};
    NAME(run_conv)(&job, s.batch, NAME(scatter_task));
  }
}

// MARK: Kernel gradient

// dw[kh] += xᵀ·dy of one image, where the rows of the kernel are dense: 2 · ROWS of its rows.
INLINE void NAME(kernel_gradient_part)(const NAME(conv_job) *job, int64_t kh, int64_t first,
                                       int64_t b) {
  const bs_sizes *s = &job->s;
  int64_t depth = s->kernel_width * s->channels, line = s->padded_width * s->channels;
  int64_t rows = depth - first < 2 * ROWS ? depth - first : 2 * ROWS;
  NAME(matrix) x = {job->x + (b * s->padded_height + kh * s->dilation_y) * line + first, 1,
                    s->stride_x * s->channels, s->out_height, s->stride_y * line};
  NAME(matrix) dy =
      NAME(dense)(job->dy + b * s->out_height * s->out_width * s->filters, s->filters, 1);
  NAME(product)(rows, s->filters, s->out_width, x, dy, job->y + (kh * depth + first) * s->filters,
                s->filters, b > 0);
}

// A share of the rows of dw, image by image, so that each image is read while it is near.
static void NAME(kernel_gradient_task)(const void *context, int64_t task) {
  const NAME(conv_job) *job = context;
  const bs_sizes *s = &job->s;
  int64_t parts = (s->kernel_width * s->channels + 2 * ROWS - 1) / (2 * ROWS);
  int64_t count = s->kernel_height * parts;
  int64_t first = count * task / job->tasks, end = count * (task + 1) / job->tasks;
  for (int64_t b = 0; b < s->batch; b++)
    for (int64_t part = first; part < end; part++)
      NAME(kernel_gradient_part)(job, part / parts, part % parts * 2 * ROWS, b);
}

// The same where a row of the kernel has few numbers: rows of dw of all rows of the kernel.
static void NAME(few_gradients_task)(const void *context, int64_t task) {
  const NAME(conv_job) *job = context;
  const bs_sizes *s = &job->s;
  int64_t depth = s->kernel_width * s->channels, line = s->padded_width * s->channels;
  int64_t count = s->kernel_height * depth;
  int64_t first = count * task / job->tasks, end = count * (task + 1) / job->tasks;
  for (int64_t b = 0; b < s->batch; b++) {
    NAME(matrix) x = {job->x + b * s->padded_height * line, 1, s->stride_x * s->channels,
                      s->out_height, s->stride_y * line};
    NAME(folded_product)(first, end - first, s->filters, s->out_width, &x,
                         (NAME(lines)){depth, s->dilation_y * line},
                         job->dy + b * s->out_height * s->out_width * s->filters,
                         job->y + first * s->filters, b > 0);
  }
}

// The numbers of dw at one place of the kernel and in one group.
static void NAME(place_gradient_task)(const void *context, int64_t task) {
  const NAME(conv_job) *job = context;
  const bs_sizes *s = &job->s;
  int64_t line = s->padded_width * s->channels;
  int64_t place = task / s->groups, g = task % s->groups;
  int64_t kh = place / s->kernel_width, kw = place % s->kernel_width;
  float *dw = job->y + place * s->group_channels * s->filters + g * s->group_filters;
  for (int64_t b = 0; b < s->batch; b++) {
    NAME(matrix) x = {job->x + (b * s->padded_height + kh * s->dilation_y) * line +
                          kw * s->dilation_x * s->channels + g * s->group_channels,
                      1, s->stride_x * s->channels, s->out_height, s->stride_y * line};
    NAME(matrix) dy = NAME(dense)(
        job->dy + b * s->out_height * s->out_width * s->filters + g * s->group_filters, s->filters,
        1);
    NAME(product)(s->group_channels, s->group_filters, s->out_width, x, dy, dw, s->filters, b > 0);
  }
}

// n channels of dw[kh] at `places` places of the kernel's row, in a depthwise convolution.
INLINE void NAME(lane_gradient)(const int places, const bs_sizes *s, int n, const float *x,
                                const float *dy, float *dw) {
  int64_t line = s->padded_width * s->channels;
  VECTOR sum[4] = {};
  for (int64_t b = 0; b < s->batch; b++, x += s->padded_height * line) {
    const float *row = x;
    for (int64_t r = 0; r < s->out_height; r++, row += s->stride_y * line) {
      const float *at = row;
      for (int64_t i = 0; i < s->out_width; i++, at += s->stride_x * s->channels) {
        VECTOR gradient = NAME(load)(dy, n);
        dy += s->channels;
#pragma clang loop unroll(full)
        for (int k = 0; k < places; k++)
          sum[k] = FMA(NAME(load)(at + k * s->dilation_x * s->channels, n), gradient, sum[k]);
      }
    }
  }
#pragma clang loop unroll(full)
  for (int k = 0; k < places; k++) NAME(store)(dw + k * s->channels, sum[k], n);
}

INLINE void NAME(lane_gradients)(const bs_sizes *s, int n, const float *x, const float *dy,
                                 float *dw) {
  int64_t kw = 0, step = s->dilation_x * s->channels;
  for (; kw + 4 <= s->kernel_width; kw += 4)
    NAME(lane_gradient)(4, s, n, x + kw * step, dy, dw + kw * s->channels);
  switch (s->kernel_width - kw) {
    case 3: NAME(lane_gradient)(3, s, n, x + kw * step, dy, dw + kw * s->channels); break;
    case 2: NAME(lane_gradient)(2, s, n, x + kw * step, dy, dw + kw * s->channels); break;
    case 1: NAME(lane_gradient)(1, s, n, x + kw * step, dy, dw + kw * s->channels); break;
    default: break;
  }
}

// One register of channels of one row of the kernel of a depthwise convolution.
static void NAME(depthwise_gradient_task)(const void *context, int64_t task) {
  const NAME(conv_job) *job = context;
  const bs_sizes *s = &job->s;
  int64_t parts = (s->channels + WIDTH - 1) / WIDTH;
  int64_t kh = task / parts, c = task % parts * WIDTH;
  const float *x = job->x + kh * s->dilation_y * s->padded_width * s->channels + c;
  float *dw = job->y + kh * s->kernel_width * s->channels + c;
  if (s->channels - c >= WIDTH)
    NAME(lane_gradients)(s, WIDTH, x, job->dy + c, dw);
  else
    NAME(lane_gradients)(s, (int)(s->channels - c), x, job->dy + c, dw);
}

static void NAME(conv2d_kernel_gradient)(const bs_call *c) {
  bs_sizes s = sizes_of(c->n);
  NAME(conv_job) job = {s, NAME(padded)(s, c->p[0], c->p[3]), NULL, c->p[1], c->p[2]};
  if (has_dense_rows(s) && s.kernel_width * s.channels <= ROWS) {
    job.tasks = bs_threads();
    NAME(run_conv)(&job, job.tasks, NAME(few_gradients_task));
  } else if (has_dense_rows(s)) {
    job.tasks = bs_threads() > 1 ? 2 * bs_threads() : 1;
    NAME(run_conv)(&job, job.tasks, NAME(kernel_gradient_task));
  } else if (is_depthwise(s)) {
    int64_t parts = (s.channels + WIDTH - 1) / WIDTH;
    NAME(run_conv)(&job, s.kernel_height * parts, NAME(depthwise_gradient_task));
  } else {
    NAME(run_conv)(&job, s.kernel_height * s.kernel_width * s.groups,
                   NAME(place_gradient_task));
  }
}
