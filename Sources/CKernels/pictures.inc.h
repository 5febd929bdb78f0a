// What is done to pictures besides convolutions: pooling, and transforms that read them elsewhere.
// Included once per instruction set, after kernels.inc.h.

// MARK: Max pooling

typedef struct {
  int64_t top, bottom, left, right;  // the rows and columns of the image inside one window
} NAME(window);

INLINE NAME(window) NAME(window_at)(const int64_t *n, int64_t oh, int64_t ow) {
  int64_t top = oh * n[6] - n[8], left = ow * n[7] - n[9];
  int64_t bottom = top + n[4], right = left + n[5];
  return (NAME(window)){top < 0 ? 0 : top, bottom > n[1] ? n[1] : bottom, left < 0 ? 0 : left,
                        right > n[2] ? n[2] : right};
}

// The largest of `rows` × `columns` numbers of each channel, which lie from x on in lines of `line`.
INLINE void NAME(maxpool_at)(const float *x, float *y, int64_t channels, int64_t line,
                             const int64_t rows, const int64_t columns) {
  EACH(channels, {
    v16 best = ALL(-INFINITY);
    for (int64_t h = 0; h < rows; h++)
      for (int64_t v = 0; v < columns; v++)
        best = NAME(larger)(best, LOAD(x + h * line + v * channels + i));
    STORE(y + i, best);
  });
}

static void NAME(maxpool2d)(const bs_call *c) {
  const int64_t *s = c->n;
  int64_t height = s[1], width = s[2], channels = s[3], oh = s[10], ow = s[11];
  float *y = c->p[1];
  for (int64_t b = 0; b < s[0]; b++)
    for (int64_t r = 0; r < oh; r++)
      for (int64_t q = 0; q < ow; q++, y += channels) {
        const float *image = c->p[0] + b * height * width * channels;
        NAME(window) w = NAME(window_at)(s, r, q);
        const float *x = image + (w.top * width + w.left) * channels;
        int64_t rows = w.bottom - w.top, columns = w.right - w.left;
        if (rows == 2 && columns == 2)
          NAME(maxpool_at)(x, y, channels, width * channels, 2, 2);
        else
          NAME(maxpool_at)(x, y, channels, width * channels, rows, columns);
      }
}

// Where windows do not meet, every number of dx is written once, after the one of x at its place was
// read, and those in no window stay 0. Neither image was at hand lately: their next rows are sent for
// while these are worked on.
INLINE void NAME(maxpool_place)(const float *x, const float *y, const float *dy, float *dx,
                                int64_t channels, int64_t line, int64_t ahead, const int64_t rows,
                                const int64_t columns, const int overlaps, const int is_relu) {
  EACH(channels, {
    v16 best = LOAD(y + i);
    v16 left = LOAD(dy + i);  // becomes 0 in a lane once its first largest element is found
    for (int64_t h = 0; h < rows; h++)
      for (int64_t v = 0; v < columns; v++) {
        int64_t at = h * line + v * channels + i;
        __builtin_prefetch(x + at + ahead);
        __builtin_prefetch(dx + at + ahead, 1);
        v16 number = LOAD(x + at);
        i16 is_best = number == best;
        v16 given = SELECT(is_best, left, ALL(0.0f));
        left = SELECT(is_best, ALL(0.0f), left);
        if (is_relu) given = NAME(times_derivative)(BS_RELU, given, number);
        STORE(dx + at, overlaps ? LOAD(dx + at) + given : given);
      }
  });
}

// Zeros where windows that stand side by side leave numbers over: below the last and to its right.
INLINE void NAME(clear_border)(float *images, const int64_t *n) {
  int64_t height = n[1], width = n[2], channels = n[3];
  int64_t bottom = n[10] * n[6] - n[8], right = n[11] * n[7] - n[9];
  if (bottom > height) bottom = height;
  if (right > width) right = width;
  size_t beside = sizeof(float) * (size_t)((width - right) * channels);
  size_t below = sizeof(float) * (size_t)((height - bottom) * width * channels);
  for (int64_t b = 0; b < n[0]; b++, images += height * width * channels) {
    if (beside)
      for (int64_t r = 0; r < bottom; r++) memset(images + (r * width + right) * channels, 0, beside);
    if (below) memset(images + bottom * width * channels, 0, below);
  }
}

static void NAME(maxpool2d_gradient)(const bs_call *c) {
  const int64_t *s = c->n;
  int64_t height = s[1], width = s[2], channels = s[3], oh = s[10], ow = s[11];
  const float *y = c->p[1], *dy = c->p[2];
  int overlaps = s[4] > s[6] || s[5] > s[7];
  if (s[4] == s[6] && s[5] == s[7])
    NAME(clear_border)(c->p[3], s);
  else
    memset(c->p[3], 0, sizeof(float) * (size_t)(s[0] * height * width * channels));
  for (int64_t b = 0; b < s[0]; b++)
    for (int64_t r = 0; r < oh; r++)
      for (int64_t q = 0; q < ow; q++, y += channels, dy += channels) {
        NAME(window) w = NAME(window_at)(s, r, q);
        int64_t at = ((b * height + w.top) * width + w.left) * channels, line = width * channels;
        int64_t rows = w.bottom - w.top, columns = w.right - w.left, ahead = s[6] * line;
        const float *x = c->p[0] + at;
        float *dx = c->p[3] + at;
#define PLACE(...) NAME(maxpool_place)(x, y, dy, dx, channels, line, ahead, __VA_ARGS__)
        if (overlaps)
          PLACE(rows, columns, 1, 0);
        else if (rows == 2 && columns == 2 && s[12])
          PLACE(2, 2, 0, 1);
        else if (s[12])
          PLACE(rows, columns, 0, 1);
        else
          PLACE(rows, columns, 0, 0);
#undef PLACE
      }
}

// MARK: Average pooling

// The window whose numbers are averaged: all of it where the border is repeated outside.
INLINE NAME(window) NAME(averaged)(const int64_t *n, int64_t oh, int64_t ow) {
  if (!n[12]) return NAME(window_at)(n, oh, ow);
  int64_t top = oh * n[6] - n[8], left = ow * n[7] - n[9];
  return (NAME(window)){top, top + n[4], left, left + n[5]};
}

INLINE int64_t NAME(within)(int64_t i, int64_t size) { return i < 0 ? 0 : i < size ? i : size - 1; }

static void NAME(averagepool2d)(const bs_call *c) {
  const int64_t *s = c->n;
  int64_t height = s[1], width = s[2], channels = s[3], oh = s[10], ow = s[11];
  float *y = c->p[1];
  for (int64_t b = 0; b < s[0]; b++)
    for (int64_t r = 0; r < oh; r++)
      for (int64_t q = 0; q < ow; q++, y += channels) {
        const float *image = c->p[0] + b * height * width * channels;
        NAME(window) w = NAME(averaged)(s, r, q);
        float count = (float)((w.bottom - w.top) * (w.right - w.left));
        EACH(channels, {
          v16 sum = {};
          for (int64_t h = w.top; h < w.bottom; h++)
            for (int64_t v = w.left; v < w.right; v++)
              sum += LOAD(
                  image + (NAME(within)(h, height) * width + NAME(within)(v, width)) * channels + i);
          STORE(y + i, sum / count);
        });
      }
}

static void NAME(averagepool2d_gradient)(const bs_call *c) {
  const int64_t *s = c->n;
  int64_t height = s[1], width = s[2], channels = s[3], oh = s[10], ow = s[11];
  const float *dy = c->p[0];
  memset(c->p[1], 0, sizeof(float) * (size_t)(s[0] * height * width * channels));
  for (int64_t b = 0; b < s[0]; b++)
    for (int64_t r = 0; r < oh; r++)
      for (int64_t q = 0; q < ow; q++, dy += channels) {
        float *image = c->p[1] + b * height * width * channels;
        NAME(window) w = NAME(averaged)(s, r, q);
        float count = (float)((w.bottom - w.top) * (w.right - w.left));
        EACH(channels, {
          v16 share = LOAD(dy + i) / count;
          for (int64_t h = w.top; h < w.bottom; h++)
            for (int64_t v = w.left; v < w.right; v++) {
              float *at =
                  image + (NAME(within)(h, height) * width + NAME(within)(v, width)) * channels + i;
              STORE(at, LOAD(at) + share);
            }
        });
      }
}

// MARK: Affine transforms

// The pixels that a pixel is made of, row by row; -1 for one beyond the picture.
typedef struct {
  int64_t at[4];
  float share[4];
  int count;
} NAME(sources);

INLINE int64_t NAME(inside)(int64_t i, int64_t size, int64_t fill) {
  if (i >= 0 && i < size) return i;
  if (fill == BS_FILL_NEAREST) return i < 0 ? 0 : size - 1;
  int64_t period = fill == BS_FILL_WRAP ? size : 2 * size;
  int64_t rest = i % period < 0 ? i % period + period : i % period;
  return fill == BS_FILL_CONSTANT ? -1 : rest < size ? rest : period - 1 - rest;
}

// a₀q + a₁r + a₂, every operation rounded by itself, within what an integer holds.
INLINE float NAME(place_along)(const float *a, int64_t r, int64_t q) {
  float down = a[1] * (float)r;
  float right = a[0] * (float)q;
  float place = down + right;
  place += a[2];
  return place > -1e9f ? (place < 1e9f ? place : 1e9f) : -1e9f;
}

INLINE NAME(sources) NAME(sources_of)(const bs_call *c, const float *a, int64_t r, int64_t q) {
  int64_t height = c->n[1], width = c->n[2], fill = c->n[5];
  int is_smooth = c->n[4] == BS_BILINEAR;
  float y = NAME(place_along)(a + 3, r, q), x = NAME(place_along)(a, r, q);
  float top = is_smooth ? __builtin_floorf(y) : __builtin_rintf(y);
  float left = is_smooth ? __builtin_floorf(x) : __builtin_rintf(x);
  float below = is_smooth ? y - top : 0.0f, beside = is_smooth ? x - left : 0.0f;
  NAME(sources) found = {.count = is_smooth ? 4 : 1};
  for (int k = 0; k < found.count; k++) {
    int64_t h = NAME(inside)((int64_t)top + k / 2, height, fill);
    int64_t v = NAME(inside)((int64_t)left + k % 2, width, fill);
    found.at[k] = h < 0 || v < 0 ? -1 : h * width + v;
    found.share[k] = (k / 2 ? below : 1.0f - below) * (k % 2 ? beside : 1.0f - beside);
  }
  return found;
}

static void NAME(affine_transform)(const bs_call *c) {
  int64_t height = c->n[1], width = c->n[2], channels = c->n[3];
  float *y = c->p[2];
  for (int64_t b = 0; b < c->n[0]; b++)
    for (int64_t r = 0; r < height; r++)
      for (int64_t q = 0; q < width; q++, y += channels) {
        const float *image = c->p[0] + b * height * width * channels;
        NAME(sources) from = NAME(sources_of)(c, c->p[1] + 6 * b, r, q);
        EACH(channels, {
          v16 sum = {};
          for (int k = 0; k < from.count; k++) {
            v16 pixel = from.at[k] < 0 ? ALL(c->f[0]) : LOAD(image + from.at[k] * channels + i);
            sum = FMA(ALL(from.share[k]), pixel, sum);
          }
          STORE(y + i, sum);
        });
      }
}

static void NAME(affine_transform_gradient)(const bs_call *c) {
  int64_t height = c->n[1], width = c->n[2], channels = c->n[3];
  const float *dy = c->p[0];
  memset(c->p[2], 0, sizeof(float) * (size_t)(c->n[0] * height * width * channels));
  for (int64_t b = 0; b < c->n[0]; b++)
    for (int64_t r = 0; r < height; r++)
      for (int64_t q = 0; q < width; q++, dy += channels) {
        float *image = c->p[2] + b * height * width * channels;
        NAME(sources) from = NAME(sources_of)(c, c->p[1] + 6 * b, r, q);
        EACH(channels, {
          for (int k = 0; k < from.count; k++) {
            if (from.at[k] < 0) continue;
            float *at = image + from.at[k] * channels + i;
            STORE(at, FMA(ALL(from.share[k]), LOAD(dy + i), LOAD(at)));
          }
        });
      }
}
