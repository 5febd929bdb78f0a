import Tensors

/// A glyph somewhere on a canvas: where is it, how large, and which one?
///
/// Inputs [24, 24, 1] from 0 to 1. Targets [8]: the middle of the box from the left and from the top,
/// its width and height, all as shares of the canvas, and a 1 for square, cross, ring or triangle.
package enum GlyphsGenerator: Generator {
  package static let name = "glyphs"
  package static let title = "Glyphs with boxes"
  package static let summary =
    "A square, cross, ring or triangle somewhere on a canvas: the network says where its box is "
    + "and which it is."
  package static let task = Dataset.Task.regression
  package static let parameters = [
    GeneratorParameter.examples(standard: 1000), .noise(standard: 0.1),
  ]

  private static let side = 24
  private static let kinds: [@Sendable (Int, Int, Int) -> Bool] = [
    { _, _, _ in true },
    { x, y, last in x == y || x == last - y || x == y + 1 || x + 1 == last - y },
    { x, y, last in
      let (across, down) = (2 * x - last, 2 * y - last)
      let square = across * across + down * down
      return square <= (last + 1) * (last + 1) && square >= (last - 3) * (last - 3)
    },
    { x, y, last in abs(2 * x - last) <= y + 1 },
  ]

  package static func form(_ source: GeneratorSource) -> GeneratedForm {
    GeneratedForm(
      exampleShape: [side, side, 1], targetShape: [4 + kinds.count], targetName: "box and glyph",
      isImage: true, range: 0...1)
  }

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    source.order.map { i in
      var chance = source.chance(at: i)
      let kind = i % kinds.count
      let size = 6 + chance.whole(below: 8)
      let (left, top) = (chance.whole(below: side - size), chance.whole(below: side - size))
      let ink = chance.uniform(0.7, 1)
      var canvas = (0..<side * side).map { _ in abs(source.noise * chance.bell()) }
      for y in 0..<size {
        for x in 0..<size where kinds[kind](x, y, size - 1) {
          canvas[(top + y) * side + left + x] = ink
        }
      }
      let box =
        [Double(left) + Double(size) / 2, Double(top) + Double(size) / 2]
        + [Double(size), Double(size)]
      return GeneratedPoint(
        canvas.map { min($0, 1) },
        targets: box.map { $0 / Double(side) } + kinds.indices.map { $0 == kind ? 1 : 0 })
    }
  }
}
