import Autodiff
import Tensors

/// The numbers of one example in any array of a plan: activations, gradients, sequences, heads.
struct FoldNumbers {
  let session: Session
  let example: Int

  private var plan: Plan { session.plan }

  /// Whether an array has a part for each example.
  func isByExample(_ value: Value) -> Bool {
    switch plan[value].role {
    case .parameter, .optimizerState, .scratch: false
    case .carried: true
    case .gradient where plan.parameters.contains { plan.gradients[$0] == value }: false
    default: axis(of: value) != nil
    }
  }

  /// The axis of the batch: the second where time or heads come first.
  private func axis(of value: Value) -> Int? {
    let (extents, batch) = (value.shape.extents, plan.batchSize)
    if plan[value].isTimeMajor, extents.count > 1, extents[1] == batch { return 1 }
    if extents.first == batch { return 0 }
    // Heads come before the batch: [heads, batch, time, size].
    if extents.count == 4, extents[1] == batch { return 1 }
    // Time steps laid out under each other belong to examples too: [batch · time, …].
    guard let first = extents.first, batch > 0, first > 0, first % batch == 0 else { return nil }
    return 0
  }

  /// The row-major places of the example's numbers; of an array that has none of examples, all.
  func offsets(in value: Value) -> [Int] {
    guard isByExample(value), let axis = axis(of: value) else {
      return Array(0..<value.shape.count)
    }
    let batch = plan.batchSize
    if axis == 0 {
      let width = value.shape.count / batch
      return Array(example * width..<(example + 1) * width)
    }
    let first = value.shape[0]
    let width = value.shape.count / (first * batch)
    return (0..<first).flatMap { outer in
      (0..<width).map { (outer * batch + example) * width + $0 }
    }
  }

  /// The numbers, nil while they are not known.
  func numbers(of value: Value) -> [Float]? {
    guard session.execution.isKnown(value) else { return nil }
    return offsets(in: value).map { session.execution.number(value, at: $0) }
  }

  /// `1.5, -0.25`; of many the first, the last and what they lie between.
  static func text(_ numbers: [Float]) -> String {
    guard numbers.count > 12 else {
      return "[" + numbers.map(ValueText.number).joined(separator: ", ") + "]"
    }
    let (head, tail) = (numbers.prefix(5), numbers.suffix(2))
    let ends = zip([numbers.min(), numbers.max()], ["from", "to"]).compactMap { number, word in
      number.map { "\(word) \(ValueText.number($0))" }
    }
    return "[" + head.map(ValueText.number).joined(separator: ", ") + ", …, "
      + tail.map(ValueText.number).joined(separator: ", ") + "]  " + ends.joined(separator: " ")
  }
}
