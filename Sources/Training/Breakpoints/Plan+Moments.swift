import Autodiff
import Tensors

// When the values of a plan are known, and until when they stay as they are.

extension Plan {
  /// The last instruction that overwrites a number of a value that outlives the step; nil where none
  /// does, and for values of the step, which are written once.
  func lastOverwriting(of value: Value) -> Int? {
    guard let place = statePlace(of: value) else { return nil }
    return instructions.lastIndex { instruction in
      instruction.overwrites.contains { statePlace(of: $0)?.overlaps(place) ?? false }
    }
  }

  /// Where a value that outlives the step lies in the state.
  private func statePlace(of value: Value) -> Range<Int>? {
    guard case .state(let offset) = self[value].storage else { return nil }
    return offset..<offset + value.shape.count
  }

  /// The number of instructions after which a value has this step's numbers: of weights those after
  /// the update.
  func completion(of value: Value) -> Int {
    if statePlace(of: value) != nil { return (lastOverwriting(of: value) ?? 0) + 1 }
    return (origin(of: value) ?? 0) + 1
  }

  /// The number of instructions after which a value can be read at all: of weights none.
  func firstKnown(_ value: Value) -> Int {
    statePlace(of: value) != nil ? 0 : (origin(of: value) ?? 0) + 1
  }

  /// The first instruction at or after a place that overwrites a value.
  func nextOverwriting(of value: Value, from place: Int) -> Int? {
    guard let own = statePlace(of: value) else { return nil }
    return instructions.indices.dropFirst(place).first { i in
      instructions[i].overwrites.contains { statePlace(of: $0)?.overlaps(own) ?? false }
    }
  }

  /// The instruction that makes the last of the gradients of weights.
  var gradientNormOrigin: Int {
    parameters.compactMap { gradients[$0].flatMap { origin(of: $0) } }.max() ?? 0
  }

  /// A weight that is learned, by its name.
  func updatedWeight(named name: String) throws(ExpressionFailure) -> Value {
    let learned = parameters.filter { gradients[$0] != nil }
    guard let weight = value(named: name), learned.contains(weight) else {
      let names = learned.map { self[$0].name }
      let near = NameSuggestion.near(name, among: names)
      throw ExpressionFailure(
        .unknownName, "‘\(name)’ is no weight that is learned",
        remedy: (near.isEmpty ? Array(names.prefix(4)) : near).joined(separator: " or "))
    }
    return weight
  }
}

/// ‖Δw‖ / ‖w‖: how far an update moved a weight, as a part of its length before it.
enum UpdateRatio {
  static func of(
    _ before: UnsafeBufferPointer<Float>, _ after: UnsafeBufferPointer<Float>
  ) -> Double {
    var change = 0.0
    for (old, new) in zip(before, after) {
      let difference = Double(new) - Double(old)
      change += difference * difference
    }
    return change.squareRoot() / Sums.squares(before).squareRoot()
  }

  static func of(_ before: [Float], _ after: UnsafeBufferPointer<Float>) -> Double {
    before.withUnsafeBufferPointer { of($0, after) }
  }
}
