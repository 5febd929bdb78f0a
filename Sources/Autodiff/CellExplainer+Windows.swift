import Tensors

// Convolutions and maxima: which numbers a window met.

extension CellExplainer {
  func convolutionTerms(_ rule: CellRule, _ value: Value, _ offset: Int) -> [SumTerm] {
    let i = value.shape.index(ofOffset: offset)
    var terms: [SumTerm] = []
    switch rule {
    case .convolution(let x, let k, let g):
      for dy in 0..<g.windowHeight {
        for dx in 0..<g.windowWidth {
          let (row, column) = (
            i[1] * g.strideHeight + dy - g.paddingTop, i[2] * g.strideWidth + dx - g.paddingLeft
          )
          for c in 0..<g.channels {
            guard let at = x.shape.offset(of: [i[0], row, column, c]),
              let of = k.shape.offset(of: [dy, dx, c, i[3]])
            else { continue }
            terms.append(SumTerm([operand(x, at), operand(k, of)]))
          }
        }
      }
    case .convolutionKernelGradient(let x, let dy, let g):
      for n in 0..<g.batch {
        for row in 0..<g.outputHeight {
          for column in 0..<g.outputWidth {
            let source = [
              n, row * g.strideHeight + i[0] - g.paddingTop,
              column * g.strideWidth + i[1] - g.paddingLeft, i[2],
            ]
            guard let at = x.shape.offset(of: source),
              let of = dy.shape.offset(of: [n, row, column, i[3]])
            else { continue }
            terms.append(SumTerm([operand(x, at), operand(dy, of)], example: n))
          }
        }
      }
    case .convolutionInputGradient(let dy, let k, let g):
      for a in 0..<g.windowHeight {
        for b in 0..<g.windowWidth {
          let (down, right) = (i[1] + g.paddingTop - a, i[2] + g.paddingLeft - b)
          guard down % g.strideHeight == 0, right % g.strideWidth == 0 else { continue }
          for f in 0..<g.filters {
            guard
              let at = dy.shape.offset(of: [i[0], down / g.strideHeight, right / g.strideWidth, f]),
              let of = k.shape.offset(of: [a, b, i[3], f])
            else { continue }
            terms.append(SumTerm([operand(dy, at), operand(k, of)]))
          }
        }
      }
    default: preconditionFailure("not a convolution")
    }
    return terms
  }

  /// The offsets of the window that a pooled number looks at.
  func poolingWindow(_ g: WindowGeometry, _ offset: Int) -> [Int] {
    let output = Shape([g.batch, g.outputHeight, g.outputWidth, g.channels])
    let input = Shape([g.batch, g.height, g.width, g.channels])
    let i = output.index(ofOffset: offset)
    return (0..<g.windowHeight).flatMap { dy in
      (0..<g.windowWidth).compactMap { dx in
        input.offset(of: [
          i[0], i[1] * g.strideHeight + dy - g.paddingTop,
          i[2] * g.strideWidth + dx - g.paddingLeft, i[3],
        ])
      }
    }
  }

  /// The windows that had this input as their first largest number.
  func maximumGradientTerms(
    _ x: Value, _ y: Value, _ dy: Value, _ g: WindowGeometry, _ offset: Int
  ) -> [SumTerm] {
    let i = x.shape.index(ofOffset: offset)
    let rows = g.places(over: i[1] + g.paddingTop, g.windowHeight, g.strideHeight, g.outputHeight)
    let columns = g.places(over: i[2] + g.paddingLeft, g.windowWidth, g.strideWidth, g.outputWidth)
    return rows.flatMap { row in
      columns.compactMap { column in
        guard let output = y.shape.offset(of: [i[0], row, column, i[3]]) else { return nil }
        let winner = poolingWindow(g, output).first { read(x, $0) == read(y, output) }
        return winner == offset ? SumTerm([operand(dy, output)]) : nil
      }
    }
  }
}
