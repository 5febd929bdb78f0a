/// The sizes of a sliding window over images, as the image kernels get them.
struct WindowSizes {
  let batch, height, width, channels: Int
  let windowHeight, windowWidth: Int
  let filters: Int
  let strideY, strideX: Int
  /// Zeros above and left of the image.
  let top, left: Int
  let outHeight, outWidth: Int
  /// How far apart the places of a window lie.
  let dilationY, dilationX: Int
  /// Parts that the channels are cut into; the filters of a part see its channels alone.
  let groups: Int

  /// From the sizes of a convolution.
  init(convolution n: [Int]) {
    (batch, height, width, channels) = (n[0], n[1], n[2], n[3])
    (windowHeight, windowWidth, filters) = (n[4], n[5], n[6])
    (strideY, strideX, top, left) = (n[7], n[8], n[9], n[10])
    (outHeight, outWidth) = (n[11], n[12])
    (dilationY, dilationX, groups) = (n[13], n[14], n[15])
  }

  /// From the sizes of a pooling, which has as many filters as channels.
  init(pooling n: [Int]) {
    self.init(convolution: Array(n[0..<6]) + [n[3]] + Array(n[6..<12]) + [1, 1, 1])
  }

  /// Visits each place of a window over each image that lies inside the image: output row and
  /// column (oh, ow), place in the window (kh, kw), input row and column (h, w).
  func forEachPlace(
    _ visit: (_ b: Int, _ oh: Int, _ ow: Int, _ kh: Int, _ kw: Int, _ h: Int, _ w: Int) -> Void
  ) {
    for b in 0..<batch {
      for oh in 0..<outHeight {
        for ow in 0..<outWidth {
          for kh in 0..<windowHeight {
            for kw in 0..<windowWidth {
              let h = oh * strideY + kh * dilationY - top
              let w = ow * strideX + kw * dilationX - left
              if h >= 0 && h < height && w >= 0 && w < width { visit(b, oh, ow, kh, kw, h, w) }
            }
          }
        }
      }
    }
  }

  /// The position of channel `c` in image `b` at (h, w).
  func input(_ b: Int, _ h: Int, _ w: Int, _ c: Int) -> Int {
    ((b * height + h) * width + w) * channels + c
  }

  /// The position of filter `f` in output `b` at (oh, ow).
  func output(_ b: Int, _ oh: Int, _ ow: Int, _ f: Int) -> Int {
    ((b * outHeight + oh) * outWidth + ow) * filters + f
  }

  /// The position of a weight of the kernel, by its channel in the image.
  func weight(_ kh: Int, _ kw: Int, _ c: Int, _ f: Int) -> Int {
    ((kh * windowWidth + kw) * groupChannels + c % groupChannels) * filters + f
  }

  /// The channels that a filter sees.
  func channels(of filter: Int) -> Range<Int> {
    let first = filter / (filters / groups) * groupChannels
    return first..<first + groupChannels
  }

  private var groupChannels: Int { channels / groups }

  var inputCount: Int { batch * height * width * channels }
  var outputCount: Int { batch * outHeight * outWidth * filters }
  var weightCount: Int { windowHeight * windowWidth * groupChannels * filters }
}
