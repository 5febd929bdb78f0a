import Autodiff
import Foundation
import Tensors
import TerminalGraphics
import TestSupport
import Training

@testable import Workbench

extension SentenceCheck {
  /// Sentences of masks, slopes, windows, pictures and copies.
  static let ofWindowsAndCopies: [(String, Check)] = [
    ("The number is ", { sentence, _, x, _ in x.count == 1 && names(sentence, x[0]) }),
    ("numbers are 0.", { _, counts, x, _ in counts == [x.count, 0] && x.allSatisfy { $0 == 0 } }),
    (
      "The largest size, ",
      { sentence, counts, x, _ in
        let most = x.map { abs($0) }.max()
        return names(sentence, most) && counts.last == x.count { abs($0) == most }
      }
    ),
    ("places drew a 0", { _, counts, x, _ in counts == [x.count { $0 == 0 }, x.count, 0] }),
    (
      "dropped in this step",
      { _, counts, _, moment in
        masks(moment).contains { mask in counts == [mask.count { $0 == 0 }, mask.count] }
      }
    ),
    (
      "The others are multiplied by",
      { sentence, _, _, moment in
        masks(moment).contains { mask in
          let kept = Set(mask.filter { $0 != 0 })
          return kept.count == 1 && names(sentence, kept.first)
        }
      }
    ),
    (
      "of an end: there the slope is small",
      { _, counts, x, moment in
        let isSigmoid = if case .function(.sigmoid, _) = rule(moment) { true } else { false }
        let near = x.count {
          isSigmoid ? $0 > 0.99 || $0 < 0.01 : abs($0) > 0.99
        }
        return counts.prefix(2) == [near, x.count]
      }
    ),
    (
      "only the largest number passes",
      { _, counts, x, moment in
        let input = Set(moment.operands.flatMap(\.tensor.scalars))
        return counts == [2, 3] && x.allSatisfy { input.contains($0) }
      }
    ),
    (
      "only its largest number gets the gradient",
      { _, counts, x, _ in
        let zeros = x.count { $0 == 0 }
        return counts == (zeros == 0 ? [] : [zeros, x.count, 0])
      }
    ),
    (
      "Each number is a window of",
      { _, counts, _, moment in
        guard case .convolution(_, let k, let g) = rule(moment) else { return false }
        let (places, filters) = (k.shape.rank - 2, moment.results[moment.result].tensor.shape.last)
        let parts = 1 < g.groups && g.groups < g.channels ? [g.groups] : []
        return counts.prefix(places + 1).reduce(1, *) * filters == k.shape.count
          && counts.dropFirst(places + 1) == [filters] + apart(g) + parts
      }
    ),
    (
      "Each number that comes in lays a filter",
      { _, counts, _, moment in
        guard case .transposedConvolution(_, let k, let g) = rule(moment) else { return false }
        let strides =
          k.shape.rank == 3 || g.strideHeight == g.strideWidth
          ? [g.strideWidth] : [g.strideHeight, g.strideWidth]
        return counts == k.shape.extents.dropLast(2) + strides + apart(g)
      }
    ),
    (
      "Each number is the mean of a window of",
      { _, counts, x, moment in
        let input = moment.operands.first?.tensor.scalars ?? []
        guard let low = input.min(), let high = input.max() else { return false }
        return counts == [2, 3] && x.allSatisfy { $0 >= low - 1e-5 && $0 <= high + 1e-5 }
      }
    ),
    (
      "A window shares its gradient equally",
      { _, _, x, moment in
        let given: Float = (moment.operands.first?.tensor.scalars ?? []).reduce(0, +)
        let shared: Float = x.reduce(0, +)
        return abs(given - shared) <= 1e-3
      }
    ),
    (
      "is read from where its picture's A points",
      { _, _, x, moment in
        // Beyond the pictures of the catalog lies 0.5.
        let input: [Float] = (moment.operands.first?.tensor.scalars ?? []) + [0.5]
        guard let low = input.min(), let high = input.max() else { return false }
        return x.allSatisfy { $0 >= low - 1e-4 && $0 <= high + 1e-4 }
      }
    ),
    (
      "gets the gradients of all pixels that were read from it",
      { _, _, x, moment in
        moment.plan.instructions[moment.done - 1].phase == .backward && !x.isEmpty
      }
    ),
    (
      "A filter is used at",
      { _, counts, _, moment in
        guard case .convolutionKernelGradient(_, let dy, _) = rule(moment) else { return false }
        return counts == [dy.shape.rows / dy.shape[0], dy.shape[0]]
      }
    ),
    (
      "hears of the loss from every window",
      { _, _, x, moment in
        moment.plan.instructions[moment.done - 1].phase == .backward && !x.isEmpty
      }
    ),
    (
      "velocities have the sign",
      { _, counts, _, moment in
        guard let update = ParameterUpdate(moment), update.state.count == 1 else { return false }
        let both = zip(update.state[0].after.scalars, update.gradient?.scalars ?? [])
        return counts == [both.count { $0 * $1 > 0 }, update.before.count]
      }
    ),
    (
      "The velocity has the sign of the gradient",
      { _, _, _, moment in
        guard let update = ParameterUpdate(moment), update.state.count == 1 else { return false }
        let both = zip(update.state[0].after.scalars, update.gradient?.scalars ?? [])
        return update.before.count == 1 && both.allSatisfy { $0 * $1 > 0 }
      }
    ),
    (
      "m and g have different signs",
      { _, _, _, moment in
        guard let update = ParameterUpdate(moment), update.state.count == 2 else { return false }
        let both = zip(update.state[0].after.scalars, update.gradient?.scalars ?? [])
        return update.before.count == 1 && both.allSatisfy { $0 * $1 < 0 }
      }
    ),
    (
      "another shape",
      { _, _, x, moment in
        moment.operands.first?.tensor.scalars.sorted() == x.sorted()
          || moment.results.contains { $0.tensor.scalars == x }
      }
    ),
    (
      "at other places: none changes",
      { _, _, x, moment in moment.operands.flatMap(\.tensor.scalars).sorted() == x.sorted() }
    ),
    (
      "The numbers as they were; the other",
      { sentence, _, x, moment in
        guard case .moved(let sources, let filler) = rule(moment) else { return false }
        let moved = sources.reduce(0) { $0 + $1.move.count }
        return names(sentence, Float(filler)) && x.count { $0 == Float(filler) } >= x.count - moved
          && sentence.has(NumberFormat.integer(x.count - moved))
      }
    ),
    (
      "Numbers are copied to more places",
      { _, _, x, moment in
        let all = moment.operands.flatMap(\.tensor.scalars)
        return all.count < x.count && Set(x).isSubset(of: Set(all))
      }
    ),
    (
      "A part of the numbers, as they were",
      { _, _, x, moment in
        let all = moment.operands.flatMap(\.tensor.scalars)
        return all.count >= x.count && Set(x).isSubset(of: Set(all))
      }
    ),
    (
      "of it by what it put out before, the rest",
      { sentence, _, x, moment in
        share(sentence, gate(.z, moment)) && names(sentence, x[moment.cell])
          && names(sentence, gate(.g, moment))
      }
    ),
    ("For each unit two sums", { _, _, x, moment in isWide(2, x, moment) && ends("/s", moment) }),
    ("For each unit two gradients", { _, _, x, moment in isWide(2, x, moment) }),
    ("outputs of the step before add", { _, _, _, moment in ends("/v", moment) }),
    ("The sum that the candidate", { _, _, _, moment in ends("/q", moment) }),
    ("What the reset gate lets through", { _, _, _, moment in ends("/reset", moment) }),
    ("The candidate counts as far", { _, _, _, moment in ends("/q.grad", moment) }),
    ("Behind the reset gate", { _, _, _, moment in ends("/v.grad", moment) }),
    ("was kept by z", { _, _, _, moment in ends("/h_by_z.grad", moment) }),
    ("also acted through the reset", { _, _, _, moment in ends("/h_by_r.grad", moment) }),
    ("comes in its place", { _, _, _, moment in ends("/change", moment) }),
    ("as far as the forget gate kept", { _, _, _, moment in ends("/c_before.grad", moment) }),
    (
      "handed on as they are",
      { _, _, x, moment in moment.operands.first?.tensor.scalars == x }
    ),
    (
      "gets the gradients of its copies",
      { _, _, x, moment in
        guard case .sum(let terms)? = moment.explanation?.body else { return false }
        return moment.operands.count == 1 && moment.operands[0].tensor.count > x.count
          && terms.allSatisfy { $0.factors.count == 1 }
      }
    ),
  ]
}
