import Autodiff
import NeuralNets
import Tensors
import TerminalGraphics
import Training

// Dropout and what looks through windows: convolutions, maxima and means; pictures drawn anew.

extension Words {
  var pictures: [String] {
    switch result.rule {
    case .windowMean(_, let g):
      return [
        "Each number is the mean of a window of \(g.windowHeight) × \(g.windowWidth); "
          + (g.repeatsBorder
            ? "beyond the picture its border is read again."
            : "what lies outside the picture does not count.")
      ] + strongest
    case .windowMeanGradient:
      return ["A window shares its gradient equally among the numbers it averaged."] + strongest
    case .affine(_, _, let sampling):
      return [
        sampling.interpolation == .bilinear
          ? "Each pixel is read from where its picture's A points: four pixels by their nearness."
          : "Each pixel is read from where its picture's A points: the nearest pixel there."
      ] + strongest
    case .affineGradient:
      return ["A pixel gets the gradients of all pixels that were read from it."] + strongest
    default: return strongest
    }
  }

  var window: [String] {
    switch result.rule {
    case .dropoutMask:
      let dropped = zeros
      return [
        "\(integer(dropped)) of \(integer(numbers.count)) places drew a 0; another step draws anew."
      ]
    case .convolution(let x, _, let g):
      return [
        "Each number is a window of \(size(g, x)) × \(g.channels / g.groups) numbers "
          + "times one of \(Self.count(g.filters, "filter")), the same filter at every place."
          + apart(g) + parts(g)
      ] + strongest
    case .transposedConvolution(let x, _, let g):
      return [
        "Each number that comes in lays a filter of \(size(g, x)), times "
          + "itself, onto the result, \(moved(g, x)) on from the one before; where they overlap their "
          + "shares add up." + apart(g)
      ] + strongest
    case .convolutionKernelGradient(let x, _, let g):
      let examples = Self.count(g.batch, x.shape.rank == 3 ? "sequence" : "picture")
      return [
        "A filter is used at \(Self.count(g.outputHeight * g.outputWidth, "place")) of "
          + "\(examples): its gradient is added over all of them."
      ] + strongest
    case .convolutionInputGradient(let dy, _, _):
      return [
        (dy.shape.rank == 3 ? "A number" : "A pixel")
          + " hears of the loss from every window it lies in, through the filter's weight there."
      ] + strongest
    case .maximum(_, let g):
      return [
        "Of each window of \(g.windowHeight) × \(g.windowWidth) only the largest number passes."
      ] + strongest
    case .maximumGradient:
      let all = "Of each window only its largest number gets the gradient that comes back"
      return [
        zeros == 0
          ? all + "."
          : all + ": \(integer(zeros)) of \(integer(numbers.count)) get 0."
      ] + strongest
    default: return strongest
    }
  }

  /// Of a window over a sequence its length, over an image its height and width.
  private func size(_ g: WindowGeometry, _ x: Value) -> String {
    x.shape.rank == 3 ? "\(g.windowWidth)" : "\(g.windowHeight) × \(g.windowWidth)"
  }

  /// How far the places of a window lie apart, where they do not touch.
  private func apart(_ g: WindowGeometry) -> String {
    guard g.dilationHeight > 1 || g.dilationWidth > 1 else { return "" }
    let most = max(g.dilationHeight, g.dilationWidth)
    return " Its places lie \(most) apart: those between are left out."
  }

  /// Which channels a filter sees, where not all.
  private func parts(_ g: WindowGeometry) -> String {
    guard g.groups > 1 else { return "" }
    return g.groups == g.channels
      ? " Every channel has filters of its own."
      : " The channels are cut into \(g.groups) groups with filters of their own."
  }

  private func moved(_ g: WindowGeometry, _ x: Value) -> String {
    x.shape.rank == 3 || g.strideHeight == g.strideWidth
      ? Self.count(g.strideWidth, "place") : "\(g.strideHeight) × \(g.strideWidth) places"
  }
}
