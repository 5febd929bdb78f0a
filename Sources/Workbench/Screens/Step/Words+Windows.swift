import Autodiff
import NeuralNets
import Tensors
import TerminalGraphics
import Training

// Dropout and what looks through windows: convolutions and maxima.

extension Words {
  var window: [String] {
    switch result.rule {
    case .dropoutMask:
      let dropped = zeros
      return [
        "\(integer(dropped)) of \(integer(numbers.count)) places drew a 0; another step draws anew."
      ]
    case .convolution(_, _, let g):
      return [
        "Each number is a window of \(g.windowHeight) × \(g.windowWidth) × \(g.channels / g.groups) "
          + "numbers times one of \(Self.count(g.filters, "filter")), the same filter at every place."
          + apart(g) + parts(g)
      ] + strongest
    case .transposedConvolution(_, _, let g):
      return [
        "Each number that comes in lays a filter of \(g.windowHeight) × \(g.windowWidth), times "
          + "itself, onto the result, \(moved(g)) on from the one before; where they overlap their "
          + "shares add up." + apart(g)
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

  private func moved(_ g: WindowGeometry) -> String {
    g.strideHeight == g.strideWidth
      ? Self.count(g.strideHeight, "place") : "\(g.strideHeight) × \(g.strideWidth) places"
  }
}
