import Autodiff
import Tensors

// What moves numbers, and what chance gives.

extension Words {
  /// Of numbers that stood elsewhere.
  func moved(_ sources: [MovedSource], filler: Double) -> [String] {
    if sources.contains(where: \.move.meets) {
      return ["A number that was copied gets the gradients of its copies, added."] + strongest
    }
    let count = sources.reduce(0) { $0 + $1.move.count }
    let isWhole =
      count == numbers.count && sources.allSatisfy { $0.move.count == $0.value.shape.count }
    if isWhole { return ["The same numbers at other places: none changes."] + strongest }
    guard count == numbers.count else {
      return [
        "The numbers as they were; the other \(Self.count(numbers.count - count, "place")) get "
          + "\(compact(Float(filler)))."
      ] + strongest
    }
    let all = sources.reduce(0) { $0 + $1.value.shape.count }
    return [
      all < numbers.count
        ? "Numbers are copied to more places: none changes."
        : "A part of the numbers, as they were: none changes."
    ] + strongest
  }

  var drawn: [String] {
    ["Drawn anew in every step; a step done again draws the same."] + strongest
  }
}
