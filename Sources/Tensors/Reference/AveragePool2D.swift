extension Reference {
  /// y[b,oh,ow,c] = the mean of x over the part of the window that lies inside the image, or over all
  /// of it, the border of the image going on outside.
  static func averagePool2D<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (x, y) = (call[0], call[1])
    let sizes = WindowSizes(pooling: call.sizes)
    sizes.forEachAveraged(repeatsBorder: call.sizes[12] != 0) { window, cells in
      for c in 0..<sizes.channels {
        let sum = cells.reduce(Scalar(0)) { $0 + x[$1 + c] }
        y[window + c] = sum / Scalar(cells.count)
      }
    }
  }
}

extension WindowSizes {
  /// Visits each window: where its numbers begin in the output, and where those of the pixels begin
  /// that it averages, row by row.
  func forEachAveraged(repeatsBorder: Bool, _ visit: (_ window: Int, _ cells: [Int]) -> Void) {
    func places(_ first: Int, _ count: Int, _ size: Int) -> [Int] {
      (first..<first + count).compactMap { place in
        let inside = min(max(place, 0), size - 1)
        return repeatsBorder || inside == place ? inside : nil
      }
    }
    for b in 0..<batch {
      for oh in 0..<outHeight {
        let rows = places(oh * strideY - top, windowHeight, height)
        for ow in 0..<outWidth {
          let columns = places(ow * strideX - left, windowWidth, width)
          visit(
            output(b, oh, ow, 0), rows.flatMap { row in columns.map { input(b, row, $0, 0) } })
        }
      }
    }
  }
}
