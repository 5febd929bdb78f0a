import Autodiff
import Tensors

/// How the losses of the examples of a batch become one number.
///
///     sum_over_batch_size, mean     Σ s L / n, n the number of losses, whatever they weigh
///     sum                           Σ s L
///     mean_with_sample_weight       Σ s L / Σ s
///     none                          s L, each for itself
///
/// Where a mask m leaves losses out, n is the number of those that count, and s stands for s m.
package struct LossReduction: Hashable, Sendable {
  package enum Kind: Hashable, Sendable { case mean, sum, weightedMean, none }
  package let kind: Kind

  /// - Parameter arguments: of a loss; one that has none to say of it takes the mean.
  package init(_ arguments: Arguments) {
    switch arguments[ifTaken: "reduction"] {
    case .text("sum"): kind = .sum
    case .text("mean_with_sample_weight"): kind = .weightedMean
    case .text("none"), ArgumentValue.none?: kind = .none
    default: kind = .mean
    }
  }

  /// Whether losses that weigh the same give their mean.
  package var isMean: Bool { kind == .mean || kind == .weightedMean }

  /// - Parameters:
  ///   - counts: how much each example counts, [batch] or of a shape that fits the losses.
  ///   - name: what the result is called.
  package func reduce(
    _ losses: Losses, _ counts: Value?, name: String, into builder: inout GraphBuilder
  ) -> Value {
    let each = losses.each
    if each.shape.rank == 0 && counts == nil {
      builder.rename(each, name, symbol: "L")
      return each
    }
    let isOne = each.shape.rank == 0
    builder.rename(
      each, (isOne ? "batch_" : "example_") + name, symbol: isOne ? "L₁" : "L[n]")
    let shares = counts.map { aligned($0, with: each.shape, &builder) }
    let all =
      shares.map {
        builder.formula(
          "weighted_" + name, "\(builder.symbol(of: $0))L", .operand(0) * .operand(1), [each, $0])
      } ?? each
    switch kind {
    case .none: return all
    case .sum: return builder.reduce(.sum, all, name: name, symbol: "L")
    case .mean:
      guard let mask = losses.mask else {
        return builder.reduce(.mean, all, name: name, symbol: "L")
      }
      return quotient(all, by: mask, name, &builder)
    case .weightedMean:
      guard let shares else {
        guard let mask = losses.mask else {
          return builder.reduce(.mean, all, name: name, symbol: "L")
        }
        return quotient(all, by: mask, name, &builder)
      }
      let counted =
        losses.mask.map {
          builder.formula("counted_weights", "sm", .operand(0) * .operand(1), [shares, $0])
        } ?? shares
      return quotient(all, by: counted, name, &builder)
    }
  }

  /// `Σ all / Σ weights`, 0 where nothing counts.
  private func quotient(
    _ all: Value, by weights: Value, _ name: String, _ builder: inout GraphBuilder
  ) -> Value {
    let total = builder.reduce(.sum, all, name: name + "_sum", symbol: "ΣL")
    let count = builder.reduce(
      .sum, weights, name: name + "_count", symbol: "Σ" + builder.symbol(of: weights))
    return builder.formula(
      name, "L", .where(.equal(.operand(1), 0), 0, .operand(0) / .operand(1)), [total, count])
  }

  /// Weights with as many axes as the losses: an axis of one place at the end is left out or added.
  private func aligned(
    _ counts: Value, with losses: Shape, _ builder: inout GraphBuilder
  ) -> Value {
    var extents = counts.shape.extents
    while extents.count > max(losses.rank, 1) && extents.last == 1 { extents.removeLast() }
    while extents.count < losses.rank { extents.append(1) }
    guard extents != counts.shape.extents else { return counts }
    return builder.apply(ReshapeOp(to: Shape(extents)), to: [counts])
  }
}
