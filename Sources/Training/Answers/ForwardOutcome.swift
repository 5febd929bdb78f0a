import Autodiff
import Datasets
import Foundation
import NeuralNets
import Tensors

/// What the network gives for one example in the end, beside what is right; and what in its last
/// layer speaks for the one class against the other, term by term.
package struct ForwardOutcome: Hashable, Sendable {
  /// What one number that the last layer takes, or a weight by itself, brings into the difference of
  /// two scores.
  package struct Term: Hashable, Sendable {
    /// `flatten/output[33]`, `dense/bias`.
    package let name: String
    /// The same number before a layer that only puts numbers in another order:
    /// `max_pooling2d/output[1,1,1]`.
    package let origin: String?
    /// The number that comes in, and what each of the two scores has of it; nil for a weight.
    package let number: Float?
    /// What the number is multiplied by where the last layer weighs each of its inputs: its weight for
    /// the one score, less that for the other.
    package let weight: Double?
    package let amount: Double
  }

  /// The names of the classes; empty where numbers are to be met.
  package let classes: [String]
  /// The shape of what comes out.
  package let shape: Shape
  /// Which place of a sequence or a picture is told: the worst one; empty where there is one place.
  package let place: [Int]
  package let places: Int
  /// How many places have another class than is right.
  package let wrongPlaces: Int
  /// A number for each class: what probabilities are made of. Of two classes that one number tells
  /// apart, that number and 0. Where numbers are to be met, those that come out.
  package let scores: [Float]
  /// What the last layer calls them: `dense/sum`.
  package let scoreName: String
  /// The numbers that come out, as probabilities where they are logits.
  package let outputs: [Float]
  /// Whether one number tells two classes apart.
  package let isBinary: Bool
  /// The class with the largest number, and the one that is right; of numbers the one that is the
  /// farthest off.
  package let said: Int
  package let right: Int?
  /// What is right where numbers are to be met.
  package let wanted: [Float]
  /// The class that `said` is compared with: the right one, or where that was said the second;
  /// nil where numbers are to be met.
  package let rival: Int?
  /// What speaks for `said` against `rival`, the largest first: they add up to `difference`. Where
  /// numbers are to be met, what the number is made of.
  package let terms: [Term]

  /// The score of `said` less that of `rival`.
  package var difference: Double {
    Double(scores[said]) - (rival.map { Double(scores[$0]) } ?? 0)
  }

  /// The terms that are not 0.
  package var counted: [Term] { terms.filter { $0.amount != 0 } }

  /// Σ of the terms, and of their sizes.
  package var total: Double { terms.reduce(0) { $0 + $1.amount } }
  package var size: Double { terms.reduce(0) { $0 + abs($1.amount) } }

  /// Whether every number that comes out is one: else no class is said.
  package var isFinite: Bool { outputs.allSatisfy(\.isFinite) }

  package var isRight: Bool? { right.map { $0 == said } }

  /// Where a number stands in what comes out: `3`, `[13,30]`.
  package func placeName(_ number: Int) -> String {
    guard shape.rank > 1 else { return "\(number)" }
    let index = shape.index(ofOffset: number)
    return CellExplainer.subscript(shape.last == 1 ? index.dropLast() : index)
  }

  package func className(_ number: Int) -> String {
    classes.indices.contains(number) ? classes[number] : "\(number)"
  }
}

extension ForwardOutcome {
  /// Nil where the network gives no number.
  init?(_ session: Session, _ examples: Examples, row: Int, in run: Execution) {
    let output = run.plan.output
    let given = run.numbers(of: output)
    guard !given.isEmpty else { return nil }
    let names = session.shownClasses
    shape = session.network.outputShape
    let last = shape.rank == 0 ? 1 : shape.last
    let target = Self.target(examples, row: row)
    let isLogits =
      session.settings.model.compilation?.loss.arguments["from_logits"] == .boolean(true)
    // One number for two classes, or one for each of them.
    isBinary = names.count == 2 && last == 1
    let hasClasses = isBinary || names.count > 1 && last > 1
    classes = hasClasses ? names : []
    let width = hasClasses ? last : given.count
    let all = Self.outputs(
      given, width: width, isBinary: isBinary, isLogits: isLogits && hasClasses)
    let rights =
      hasClasses ? Self.rights(target, places: all.count, classes: isBinary ? 1 : last) : []
    let saids = all.map { numbers in numbers.indices.max { numbers[$0] < numbers[$1] } ?? 0 }
    wrongPlaces = zip(saids, rights).count { $0 != $1 }
    // How well each place is met: the least is told.
    let met = zip(all, rights).map { numbers, right in
      right.flatMap { numbers.indices.contains($0) ? numbers[$0] : nil } ?? 1
    }
    let told = met.indices.min { met[$0] < met[$1] } ?? 0
    places = all.count
    place =
      all.count < 2
      ? [] : Shape(shape.extents.dropLast()).index(ofOffset: told)
    outputs = all[told]
    let opener = NumberOpener(session, in: run)
    let makers = (0..<width).map { Self.score(at: told * width + $0, opener) }
    let raw = makers.enumerated().map { i, maker in
      maker.map { run.number($0.result.value, at: $0.offset) } ?? given[told * width + i]
    }
    scores = isBinary ? [0] + raw : raw
    scoreName = makers.first.flatMap { $0 }.map { run.plan[$0.result.value].name } ?? ""
    guard hasClasses else {
      let truth = target.count == given.count ? target : []
      let far = truth.indices.max { abs(given[$0] - truth[$0]) < abs(given[$1] - truth[$1]) } ?? 0
      (wanted, said, right, rival) = (truth, far, nil, nil)
      let weights = LastWeights(scoreName, plus: far % last, minus: nil, run)
      terms = makers[far].map { Self.terms(of: $0, less: nil, opener, weights) } ?? []
      return
    }
    wanted = []
    (said, right) = (saids[told], rights.indices.contains(told) ? rights[told] : nil)
    let (own, numbers) = (saids[told], all[told])
    let second = numbers.indices.filter { $0 != own }.max { numbers[$0] < numbers[$1] }
    let other = right.flatMap { $0 == own || !numbers.indices.contains($0) ? nil : $0 } ?? second
    rival = other
    // The first of two classes has no number of its own: its score is 0.
    let owners: [CellMakers.Maker?] = isBinary ? [nil] + makers : makers
    let columns: [Int?] = isBinary ? [nil, 0] : scores.indices.map { $0 }
    let weights = LastWeights(
      scoreName, plus: columns[own], minus: other.flatMap { columns[$0] }, run)
    terms = Self.terms(of: owners[own], less: other.flatMap { owners[$0] }, opener, weights)
  }

  /// The target of an example of the first output, number by number.
  private static func target(_ examples: Examples, row: Int) -> [Float] {
    guard let targets = examples.allTargets.first, examples.count > 0 else { return [] }
    let width = targets.count / examples.count
    return Array(targets.scalars[row * width..<(row + 1) * width])
  }

  /// The numbers of each place, as probabilities where they are logits; of one number that tells two
  /// classes apart one for each of them.
  private static func outputs(
    _ given: [Float], width: Int, isBinary: Bool, isLogits: Bool
  ) -> [[Float]] {
    stride(from: 0, to: given.count, by: max(1, width)).map { start in
      var own = Array(given[start..<min(given.count, start + width)])
      if isBinary {
        let p = isLogits ? 1 / (1 + exp(-own[0])) : own[0]
        return [1 - p, p]
      }
      guard isLogits else { return own }
      let most = own.max() ?? 0
      own = own.map { exp($0 - most) }
      let sum = own.reduce(0, +)
      return own.map { $0 / sum }
    }
  }

  /// The class that is right at each place: its number, or the largest of a row of 0 and 1.
  private static func rights(_ target: [Float], places: Int, classes: Int) -> [Int?] {
    if target.count == places {
      return target.map { classes == 1 ? ($0 > 0.5 ? 1 : 0) : $0.classNumber }
    }
    guard classes > 1, target.count == places * classes else { return [] }
    return (0..<places).map { place in
      let own = place * classes..<(place + 1) * classes
      return own.max { target[$0] < target[$1] }.map { $0 - own.lowerBound }
    }
  }

  // MARK: The last layer

  /// What made a number that comes out: of a probability what made its score.
  private static func score(at offset: Int, _ opener: NumberOpener) -> CellMakers.Maker? {
    let count = opener.plan.instructions.count
    guard var maker = opener.makers.maker(of: CellPlace(opener.plan.output, offset), before: count)
    else { return nil }
    while true {
      let operand: Value? =
        switch maker.result.rule {
        case .softmax(let x), .function(.sigmoid, let x), .alongAxis(.softmax, let x, _),
          .alongAxis(.logSoftmax, let x, _), .same(let x):
          x
        default: nil
        }
      guard let operand,
        let next = opener.makers.maker(of: CellPlace(operand, maker.offset), for: maker)
      else { return maker }
      maker = next
    }
  }

  /// The contributions to one number less those to another, where what both are made of is one term.
  private static func terms(
    of maker: CellMakers.Maker?, less other: CellMakers.Maker?, _ opener: NumberOpener,
    _ weights: LastWeights?
  ) -> [Term] {
    var numbers: [CellPlace: Double] = [:]
    var others: [String: Double] = [:]
    for (maker, sign) in [(maker, 1.0), (other, -1.0)] {
      guard let maker else { continue }
      var flow = ContributionFlow(opener, from: maker)
      flow.runLayer()
      for (place, amount) in flow.amounts { numbers[place, default: 0] += sign * amount }
      for share in flow.weights + flow.rests {
        others[share.name, default: 0] += sign * share.amount
      }
    }
    let first = numbers.map { place, amount in
      let number = opener.execution.number(place.value, at: place.offset)
      return Term(
        name: name(of: place, opener), origin: origin(of: place, opener), number: number,
        weight: weights?.weight(of: place, number: number, amount: amount), amount: amount)
    }
    let rest = others.map {
      Term(name: $0.key, origin: nil, number: nil, weight: nil, amount: $0.value)
    }
    return (first + rest).sorted {
      $0.amount.rank == $1.amount.rank ? $0.name < $1.name : $0.amount.rank > $1.amount.rank
    }
  }

  /// Without the axis of the batch, which holds one example.
  private static func name(of place: CellPlace, _ opener: NumberOpener) -> String {
    let hasBatch = place.value.shape.rank > 0 && place.value.shape[0] == 1
    return opener.plan[place.value].name
      + CellExplainer.subscript(Array(place.index.dropFirst(hasBatch ? 1 : 0)))
  }

  /// Where a number stood before it was put in another order.
  private static func origin(of place: CellPlace, _ opener: NumberOpener) -> String? {
    var (found, end) = (place, opener.plan.instructions.count)
    while let maker = opener.makers.maker(of: found, before: end),
      case .same(let x) = maker.result.rule
    {
      (found, end) = (CellPlace(x, maker.offset), maker.instruction)
    }
    return found == place ? nil : name(of: found, opener)
  }
}

/// The weights of a last layer that weighs each number it takes: [inputs, scores].
private struct LastWeights {
  private let kernel: [Float]
  private let columns: Int
  private let plus, minus: Int?

  /// - Parameters:
  ///   - score: what the layer calls what it gives.
  ///   - plus: the score that is explained, and `minus` the one that it is compared with; nil where
  ///     that has no weights.
  init?(_ score: String, plus: Int?, minus: Int?, _ run: Execution) {
    let layer = score.split(separator: "/").dropLast().joined(separator: "/")
    guard let value = run.plan.value(named: layer + "/kernel"), value.shape.rank == 2 else {
      return nil
    }
    (kernel, columns) = (run.numbers(of: value), value.shape.last)
    (self.plus, self.minus) = (plus, minus)
  }

  /// Nil where the number does not come into the scores by that weight alone.
  func weight(of place: CellPlace, number: Float, amount: Double) -> Double? {
    guard let input = place.index.last, (input + 1) * columns <= kernel.count else { return nil }
    func one(_ column: Int?) -> Double { column.map { Double(kernel[input * columns + $0]) } ?? 0 }
    let weight = one(plus) - one(minus)
    let size = abs(Double(number)) * (abs(one(plus)) + abs(one(minus)))
    return abs(Double(number) * weight - amount) <= 1e-5 * size ? weight : nil
  }
}
