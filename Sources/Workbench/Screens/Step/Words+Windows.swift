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
    case .convolution(_, _, let g):
      return [
        "Each number is a window of \(g.windowHeight) × \(g.windowWidth) × \(g.channels) numbers "
          + "times one of \(Self.count(g.filters, "filter")), the same filter at every place."
      ] + strongest
    case .convolutionKernelGradient(_, _, let g):
      return [
        "A filter is used at \(Self.count(g.outputHeight * g.outputWidth, "place")) of "
          + "\(Self.count(g.batch, "picture")): its gradient is added over all of them."
      ] + strongest
    case .convolutionInputGradient:
      return [
        "A pixel hears of the loss from every window it lies in, through the filter's weight there."
      ] + strongest
    case .maximum(_, let g):
      return [
        "Of each window of \(g.windowHeight) × \(g.windowWidth) only the largest number passes."
      ] + strongest
    case .maximumGradient:
      let reached = numbers.count - zeros
      return [
        "\(integer(reached)) of \(integer(numbers.count)) numbers \(reached == 1 ? "gets" : "get") "
          + "a gradient: the largest of their windows. The others get 0."
      ] + strongest
    default: return strongest
    }
  }
}
