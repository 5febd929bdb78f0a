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
      let all = "Of each window only its largest number gets the gradient that comes back"
      return [
        zeros == 0
          ? all + "."
          : all + ": \(integer(zeros)) of \(integer(numbers.count)) get 0."
      ] + strongest
    default: return strongest
    }
  }
}
