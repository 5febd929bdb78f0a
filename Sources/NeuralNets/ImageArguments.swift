import Autodiff
import Tensors

// What the layers that slide a window over images have in common.

extension ArgumentSpec {
  static let padding = ArgumentSpec(
    "padding", .choice(["valid", "same"]), default: .text("valid"),
    "\"same\" lays zeros around the image, so that it keeps its size")

  static let causalPadding = ArgumentSpec(
    "padding", .choice(["valid", "same", "causal"]), default: .text("valid"),
    "\"same\" lays zeros around the sequence, \"causal\" before it")
}

extension Arguments {
  /// The window of a layer; strides of None are as large as the window.
  func window(size: String) -> ImageWindow {
    let size = integers(size)
    let strides = self["strides"] == .none ? size : integers("strides")
    return ImageWindow(
      height: size[0], width: size[1], strideHeight: strides[0], strideWidth: strides[1],
      padding: ImageWindow.Padding(rawValue: text("padding")) ?? .valid)
  }
}

extension ImageWindow {
  /// The shape of one image after the window went over it.
  ///
  /// - Parameter noun: what the layer calls its window.
  func outputShape(
    for image: Shape, filters: Int? = nil, noun: String
  ) throws(LayerFailure) -> Shape {
    guard image.rank == 3 else {
      throw LayerFailure(
        "gets \(image.tuple), which is not an image",
        remedy: "an input of shape (height, width, channels)")
    }
    guard fits(height: image[0], width: image[1]) else {
      let most = (min(height, image[0]), min(width, image[1]))
      throw LayerFailure(
        "gets \(image.tuple), smaller than its \(noun) of \(height) × \(width)",
        remedy: "padding=\"same\", or a \(noun) of at most \(most.0) × \(most.1)")
    }
    let geometry = geometry(
      over: Shape([1] + image.extents), filters: filters ?? image.last)
    return Shape(Array(geometry.outputShape.extents.dropFirst()))
  }
}
