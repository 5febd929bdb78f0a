import Tensors

/// By which rule a number is split among the numbers that it was made of. Every rule keeps the sum:
/// what the operands are given, and a named rest that belongs to none of them, is the number.
package enum ContributionRule: String, CaseIterable, Hashable, Sendable {
  /// A sum: each term goes to the number in it that carries the signal, what multiplies it is its
  /// weight. Of several numbers that carry it alike each gets an equal part.
  case terms
  /// The whole number goes to the one that it was taken from.
  case chosen
  /// `f(x) − f(0)` goes to x, f(0) is the rest.
  case rescaled
  /// Each operand gets its slope times itself; what the tangent misses is the rest.
  case linearized
  /// A formula, part by part: sums by their terms, functions by what they make of their argument,
  /// and of a product or quotient the part that is linear in the signal, the other being its scale.
  case formula
  /// Equal parts for all that are multiplied.
  case factors
  /// Nothing for anybody: a place, a class or a count, which no slope leads to.
  case discrete
  /// Nothing for anybody: it was drawn.
  case drawn

  /// Where the rule comes from.
  package var source: String {
    switch self {
    case .terms: "layer-wise relevance propagation, z-rule (Bach et al. 2015)"
    case .chosen: "winner takes all (Bach et al. 2015)"
    case .rescaled: "DeepLIFT's rescale rule with the reference 0 (Shrikumar et al. 2017)"
    case .linearized: "gradient × input (Shrikumar et al. 2016)"
    case .formula:
      "z-rule and rescale rule part by part; scales as weights (Arras et al. 2017, Ali et al. 2022)"
    case .factors: "integrated gradients from 0 (Sundararajan et al. 2017)"
    case .discrete: "no slope"
    case .drawn: "no operand"
    }
  }

  /// What it does, in a few words.
  package var words: String {
    switch self {
    case .terms: "each term belongs to the number in it that carries the signal"
    case .chosen: "the number belongs to the one it was taken from"
    case .rescaled: "f(x) − f(0) belongs to x, f(0) to nobody"
    case .linearized: "slope times number, and what the tangent misses"
    case .formula: "the formula part by part"
    case .factors: "equal parts for all factors"
    case .discrete: "a place or a count belongs to nobody"
    case .drawn: "chance belongs to nobody"
    }
  }
}

extension CellRule {
  /// How a number of this result is split among its operands. There is no default: whoever adds a
  /// rule says so here.
  package var contribution: ContributionRule {
    switch self {
    case .sum, .convolution, .transposedConvolution, .convolutionInputGradient,
      .convolutionKernelGradient, .maximumGradient, .windowMean, .windowMeanGradient, .affine,
      .affineGradient, .mean, .batchedProduct, .scatter, .softmaxGradient, .functionGradient,
      .memoryGradient:
      .terms
    case .same, .swappedAxes, .maximum, .gather: .chosen
    case .moved(let sources, _): sources.contains { $0.move.meets } ? .terms : .chosen
    case .function, .functionOfColumns: .rescaled
    case .exampleLoss(let loss, _, _, _): loss == .meanSquaredError ? .terms : .linearized
    case .softmax: .linearized
    case .lossGradient, .formula, .sgd, .velocity, .adam, .runningMean: .formula
    case .columns(let blocks), .rows(let blocks): blocks.first?.contribution ?? .terms
    case .reduction(let kind, _, _), .reductionGradient(let kind, _, _, _, _):
      kind.contribution
    case .alongAxis(let function, _, _): function.contribution
    case .alongAxisGradient: .terms
    case .oneHot(_, _, let counts): counts ? .terms : .discrete
    case .dropoutMask, .random: .drawn
    }
  }
}

extension Reduction {
  var contribution: ContributionRule {
    switch self {
    case .sum, .mean: .terms
    case .maximum, .minimum: .chosen
    case .product: .factors
    }
  }
}

extension AxisFunction {
  var contribution: ContributionRule {
    switch self {
    case .softmax, .logSoftmax, .logSumExp: .linearized
    case .cumulativeSum, .cumulativeSumBackwards: .terms
    case .argMax, .argMin, .argSort, .argSortDown: .discrete
    }
  }
}
