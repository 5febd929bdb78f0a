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
  }

  package let height, width: Int
  package let strideHeight, strideWidth: Int
  package let padding: Padding

  package init(
    height: Int, width: Int, strideHeight: Int, strideWidth: Int, padding: Padding
  ) {
    self.height = height
    self.width = width
    self.strideHeight = strideHeight
    self.strideWidth = strideWidth
    self.padding = padding
  }

  /// Whether the window finds a place on an image of this size.
  package func fits(height: Int, width: Int) -> Bool {
    padding == .same || (height >= self.height && width >= self.width)
  }

  /// Where it lies on the images of a batch; `filters` numbers come out of each place.
  package func geometry(over images: Shape, filters: Int) -> WindowGeometry {
    precondition(images.rank == 4, "\(images) is not a batch of images")
    let vertical = place(images[1], window: height, stride: strideHeight)
    let horizontal = place(images[2], window: width, stride: strideWidth)
    return WindowGeometry(
      batch: images[0], height: images[1], width: images[2], channels: images[3],
      window: (height, width), filters: filters, strides: (strideHeight, strideWidth),
      padding: (vertical.before, horizontal.before), output: (vertical.count, horizontal.count))
  }

  /// The number of places along one axis, and the zeros before the image.
  private func place(_ extent: Int, window: Int, stride: Int) -> (count: Int, before: Int) {
    switch padding {
    case .valid: return ((extent - window) / stride + 1, 0)
    case .same:
      let count = (extent + stride - 1) / stride
      let zeros = max((count - 1) * stride + window - extent, 0)
      return (count, zeros / 2)
    }
  }
}

extension WindowGeometry {
  /// The shape that comes out: [batch, height, width, filters].
  package var outputShape: Shape { [batch, outputHeight, outputWidth, filters] }
}
