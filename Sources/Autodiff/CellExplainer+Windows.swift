import Tensors

// Convolutions and maxima: which numbers a window met.

extension CellExplainer {
  /// The window under a number of the output, place by place and channel by channel of its group.
  func convolutionTerms(
    _ x: Value, _ k: Value, _ g: WindowGeometry, _ offset: Int
  ) -> [SumTerm] {
    let i = g.outputShape.index(ofOffset: offset)
    return g.windowPlaces.flatMap { a, b in
      let (row, column) = (
        i[1] * g.strideHeight + a * g.dilationHeight - g.paddingTop,
        i[2] * g.strideWidth + b * g.dilationWidth - g.paddingLeft
      )
      return g.channels(of: i[3]).enumerated().compactMap { place, channel -> SumTerm? in
        guard let at = g.inputShape.offset(of: [i[0], row, column, channel]),
          let of = g.kernelShape.offset(of: [a, b, place, i[3]])
        else { return nil }
        return SumTerm([operand(x, at), operand(k, of)])
      }
    }
  }

  /// A weight at every place of every image.
  func kernelGradientTerms(
    _ x: Value, _ dy: Value, _ g: WindowGeometry, _ offset: Int
  ) -> [SumTerm] {
    let i = g.kernelShape.index(ofOffset: offset)
    let channel = g.channels(of: i[3]).lowerBound + i[2]
    var terms: [SumTerm] = []
    for n in 0..<g.batch {
      for row in 0..<g.outputHeight {
        for column in 0..<g.outputWidth {
          let source = [
            n, row * g.strideHeight + i[0] * g.dilationHeight - g.paddingTop,
            column * g.strideWidth + i[1] * g.dilationWidth - g.paddingLeft, channel,
          ]
          guard let at = g.inputShape.offset(of: source),
            let of = g.outputShape.offset(of: [n, row, column, i[3]])
          else { continue }
          terms.append(SumTerm([operand(x, at), operand(dy, of)], example: n))
        }
      }
    }
    return terms
  }

  /// The numbers whose windows a pixel lies in, each by the weight that it has there.
  func transposedTerms(
    _ dy: Value, _ k: Value, _ g: WindowGeometry, _ offset: Int
  ) -> [SumTerm] {
    let i = g.inputShape.index(ofOffset: offset)
    let group = i[3] / g.groupChannels
    let filters = group * g.groupFilters..<(group + 1) * g.groupFilters
    return g.windowPlaces.reversed().flatMap { a, b -> [SumTerm] in
      let (down, right) = (
        i[1] + g.paddingTop - a * g.dilationHeight, i[2] + g.paddingLeft - b * g.dilationWidth
      )
      guard down % g.strideHeight == 0, right % g.strideWidth == 0 else { return [] }
      return filters.compactMap { f in
        guard
          let at = g.outputShape.offset(of: [
            i[0], down / g.strideHeight, right / g.strideWidth, f,
          ]),
          let of = g.kernelShape.offset(of: [a, b, i[3] % g.groupChannels, f])
        else { return nil }
        return SumTerm([operand(dy, at), operand(k, of)])
      }
    }
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
