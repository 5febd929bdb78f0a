import Tensors

/// A window that slides over images [batch, height, width, channels]: its size, how far it moves,
/// and what happens at the border.
package struct ImageWindow: Hashable, Sendable {
  package enum Padding: String, CaseIterable, Hashable, Sendable {
    /// The window stays inside the image: `out = (in − window) / stride + 1`, rounded down.
    case valid
    /// Zeros are laid around the image so that `out = in / stride`, rounded up; where their number
    /// is odd the extra one lies below and on the right, as in Keras.
    case same
    /// Zeros are laid before a sequence only, so that no number sees what comes after it; out as
    /// with `same`.
    case causal
  }

  package let height, width: Int
  package let strideHeight, strideWidth: Int
  package let padding: Padding
  /// How far apart its places lie: 2 leaves out every other pixel.
  package let dilationHeight, dilationWidth: Int

  package init(
    height: Int, width: Int, strideHeight: Int, strideWidth: Int, padding: Padding,
    dilationHeight: Int = 1, dilationWidth: Int = 1
  ) {
    self.height = height
    self.width = width
    self.strideHeight = strideHeight
    self.strideWidth = strideWidth
    self.padding = padding
    self.dilationHeight = dilationHeight
    self.dilationWidth = dilationWidth
  }

  /// The pixels from its first place to its last.
  package var span: (height: Int, width: Int) {
    ((height - 1) * dilationHeight + 1, (width - 1) * dilationWidth + 1)
  }

  /// Whether the window finds a place on an image of this size.
  package func fits(height: Int, width: Int) -> Bool {
    padding != .valid || (height >= span.height && width >= span.width)
  }

  /// Where it lies on the images of a batch, or on its sequences as images of one row; `filters`
  /// numbers come out of each place.
  package func geometry(over images: Shape, filters: Int, groups: Int = 1) -> WindowGeometry {
    let images = images.ofImages
    let vertical = place(images[1], span: span.height, stride: strideHeight)
    let horizontal = place(images[2], span: span.width, stride: strideWidth)
    return WindowGeometry(
      batch: images[0], height: images[1], width: images[2], channels: images[3],
      window: (height, width), filters: filters, strides: (strideHeight, strideWidth),
      padding: (vertical.before, horizontal.before), output: (vertical.count, horizontal.count),
      dilation: (dilationHeight, dilationWidth), groups: groups)
  }

  /// The number of places along one axis, and the zeros before the image.
  private func place(_ extent: Int, span: Int, stride: Int) -> (count: Int, before: Int) {
    let count = (extent + stride - 1) / stride
    switch padding {
    case .valid: return ((extent - span) / stride + 1, 0)
    case .same: return (count, max((count - 1) * stride + span - extent, 0) / 2)
    case .causal: return (count, span - 1)
    }
  }
}

extension Shape {
  /// A batch of images [batch, height, width, channels]; sequences are images of one row.
  var ofImages: Shape {
    precondition(rank == 3 || rank == 4, "\(self) is not a batch of images or sequences")
    return rank == 4 ? self : [self[0], 1, self[1], self[2]]
  }
}

extension WindowGeometry {
  /// The shape that comes out: [batch, height, width, filters].
  package var outputShape: Shape { [batch, outputHeight, outputWidth, filters] }

  /// The shape that goes in: [batch, height, width, channels].
  var inputShape: Shape { [batch, height, width, channels] }

  /// [height, width, channels of a group, filters].
  var kernelShape: Shape { [windowHeight, windowWidth, groupChannels, filters] }

  var groupChannels: Int { channels / groups }
  var groupFilters: Int { filters / groups }

  /// The channels that a filter sees.
  func channels(of filter: Int) -> Range<Int> {
    let first = filter / groupFilters * groupChannels
    return first..<first + groupChannels
  }

  /// Row and column of each place of the window, in order.
  var windowPlaces: [(Int, Int)] {
    (0..<windowHeight).flatMap { row in (0..<windowWidth).map { (row, $0) } }
  }
}
