import Foundation
import Tensors

/// Sums of products over named axes.
enum Einsum {
  static func tensordot(
    _ a: NDArray, _ b: NDArray, _ left: [Int], _ right: [Int]
  ) throws(Complaint) -> NDArray {
    guard left.count == right.count, zip(left, right).allSatisfy({ a.shape[$0] == b.shape[$1] })
    else { throw Complaint("the axes of a product differ in extent") }
    let freeA = (0..<a.rank).filter { !left.contains($0) }
    let freeB = (0..<b.rank).filter { !right.contains($0) }
    let k = left.reduce(1) { $0 * a.shape[$1] }
    let m = a.count / max(1, k)
    let n = b.count / max(1, k)
    let x = a.transposed(freeA + left).reshaped(to: [m, k])
    let y = b.transposed(right + freeB).reshaped(to: [k, n])
    return try NDArray.matrixProduct(x, y)
      .reshaped(to: Shape(freeA.map { a.shape[$0] } + freeB.map { b.shape[$0] }))
  }

  /// `"ij,jk->ik"`: letters name axes; what is not in the result is summed over.
  static func apply(_ text: String, _ operands: [NDArray]) throws(Complaint) -> NDArray {
    let clean = text.filter { $0 != " " }
    let halves = clean.components(separatedBy: "->")
    let terms = halves[0].split(separator: ",", omittingEmptySubsequences: false).map(Array.init)
    guard terms.count == operands.count, halves.count <= 2,
      zip(terms, operands).allSatisfy({ $0.count == $1.rank }),
      terms.joined().allSatisfy({ $0.isLetter })
    else {
      throw Complaint(
        "einsum() with \"\(text)\" for these arrays",
        remedy: "a letter for each axis, as \"ij,jk->ik\"; \"...\" is not supported")
    }
    var extents: [Character: Int] = [:]
    for (term, operand) in zip(terms, operands) {
      for (letter, extent) in zip(term, operand.shape.extents) {
        guard extents[letter].map({ $0 == extent }) ?? true else {
          throw Complaint("einsum(): the axes named \"\(letter)\" differ in extent")
        }
        extents[letter] = extent
      }
    }
    let implicit = extents.keys.sorted().filter { c in terms.joined().count { $0 == c } == 1 }
    let output = halves.count == 2 ? Array(halves[1]) : implicit
    guard output.allSatisfy({ extents[$0] != nil }), Set(output).count == output.count else {
      throw Complaint("einsum(): the result names an axis that no array has, or one twice")
    }
    let summed = extents.keys.filter { !output.contains($0) }.sorted()
    let letters = output + summed
    let whole = try Shape.checked(letters.map { extents[$0] ?? 1 })
    var product = [Double](repeating: 1, count: whole.count)
    var kind = operands.first?.kind ?? .float64
    for (term, operand) in zip(terms, operands) {
      kind = kind.promoted(with: operand.kind)
      let strides = operand.shape.strides
      let steps = letters.map { letter in
        zip(term, strides).reduce(0) { $1.0 == letter ? $0 + $1.1 : $0 }
      }
      var i = 0
      NDArray.walk(whole.extents, steps) {
        product[i] *= operand.scalars[$0]
        i += 1
      }
    }
    let result = NDArray(shape: whole, scalars: product)
    let axes = Array(output.count..<letters.count)
    let sums = axes.isEmpty ? result : try result.sums(along: axes, kind: .float64)
    return sums.converted(to: kind)
  }
}
