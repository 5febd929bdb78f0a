import Tensors

// Means of windows, and pictures drawn anew: which pixels a number was made of.

extension CellExplainer {
  /// The offsets of the numbers that are averaged; where the border is repeated some stand twice.
  private func averaged(_ g: WindowGeometry, _ output: Int) -> [Int] {
    guard g.repeatsBorder else { return poolingWindow(g, output) }
    let i = Shape([g.batch, g.outputHeight, g.outputWidth, g.channels]).index(ofOffset: output)
    let input = Shape([g.batch, g.height, g.width, g.channels])
    func places(_ first: Int, _ count: Int, _ size: Int) -> [Int] {
      (first..<first + count).map { min(max($0, 0), size - 1) }
    }
    let columns = places(i[2] * g.strideWidth - g.paddingLeft, g.windowWidth, g.width)
    return places(i[1] * g.strideHeight - g.paddingTop, g.windowHeight, g.height).flatMap { row in
      columns.compactMap { input.offset(of: [i[0], row, $0, i[3]]) }
    }
  }

  private func share(_ count: Int) -> Operand { Operand("1/\(count)", 1 / Float(count)) }

  func windowMean(_ x: Value, _ geometry: WindowGeometry, _ offset: Int) -> [SumTerm] {
    let cells = averaged(geometry, offset)
    return cells.map { SumTerm([operand(x, $0), share(cells.count)]) }
  }

  /// The windows that a number lies in, each as often as it counts there.
  func windowMeanGradient(_ dy: Value, _ g: WindowGeometry, _ offset: Int) -> [SumTerm] {
    let input = Shape([g.batch, g.height, g.width, g.channels])
    let i = input.index(ofOffset: offset)
    let rows = g.places(over: i[1] + g.paddingTop, g.windowHeight, g.strideHeight, g.outputHeight)
    let columns = g.places(over: i[2] + g.paddingLeft, g.windowWidth, g.strideWidth, g.outputWidth)
    return rows.flatMap { row in
      columns.flatMap { column -> [SumTerm] in
        guard let output = dy.shape.offset(of: [i[0], row, column, i[3]]) else { return [] }
        let cells = averaged(g, output)
        return cells.filter { $0 == offset }.map { _ in
          SumTerm([operand(dy, output), share(cells.count)])
        }
      }
    }
  }

  // MARK: Pictures drawn anew

  private func matrix(_ a: Value, of example: Int) -> [Float] {
    (0..<6).map { read(a, 6 * example + $0) }
  }

  func affine(
    _ x: Value, _ a: Value, _ sampling: AffineSampling, _ offset: Int
  ) -> CellExplanation.Body {
    let i = x.shape.index(ofOffset: offset)
    let sources = sampling.sources(row: i[1], column: i[2], matrix(a, of: i[0]))
    let numbers = sources.map { source -> Operand in
      let at = source.pixel.flatMap { x.shape.offset(of: [i[0], $0.row, $0.column, i[3]]) }
      return at.map { operand(x, $0) } ?? Operand("fill", Float(sampling.fillValue))
    }
    if sampling.interpolation == .nearest { return .formula("{}", numbers) }
    return .sum(
      zip(sources, numbers).map { SumTerm([Operand("share", $0.share), $1]) })
  }

  /// The pixels that were made of one.
  func affineGradient(
    _ dy: Value, _ a: Value, _ sampling: AffineSampling, _ offset: Int
  ) -> [SumTerm] {
    let i = dy.shape.index(ofOffset: offset)
    let matrix = matrix(a, of: i[0])
    var terms: [SumTerm] = []
    for row in 0..<sampling.height {
      for column in 0..<sampling.width {
        for source in sampling.sources(row: row, column: column, matrix) {
          guard let pixel = source.pixel, pixel == (i[1], i[2]), source.share != 0,
            let at = dy.shape.offset(of: [i[0], row, column, i[3]])
          else { continue }
          terms.append(SumTerm([Operand("share", source.share), operand(dy, at)]))
        }
      }
    }
    return terms
  }
}
