import Tensors

/// Many products of matrices at once: for every index of some leading axes `C = A · B`. An axis along
/// which a factor is the same has a stride of 0 there; where C's is 0 the products are added up.
package struct BatchedProduct: Hashable, Sendable {
  package struct Axis: Hashable, Sendable {
    package let extent, a, b, c: Int
  }

  package let m, n, k: Int
  package let transposesA, transposesB: Bool
  package let axes: [Axis]

  /// - Parameter shapes: of the three arrays, their last two axes the matrices as they are stored;
  ///   leading axes are matched from the right, as NumPy does.
  init(
    _ a: Shape, _ b: Shape, _ c: Shape, transposesA: Bool = false, transposesB: Bool = false
  ) {
    let leading = max(a.rank, b.rank, c.rank) - 2
    let extents = [a, b, c].reduce([Int](repeating: 1, count: leading)) { extents, shape in
      let missing = leading - (shape.rank - 2)
      return extents.indices.map {
        $0 >= missing && shape[$0 - missing] != 1 ? shape[$0 - missing] : extents[$0]
      }
    }
    func stride(_ shape: Shape, _ axis: Int) -> Int {
      let own = axis - (leading - (shape.rank - 2))
      return own < 0 || shape[own] == 1 ? 0 : shape.strides[own]
    }
    let all = extents.indices.map {
      Axis(extent: extents[$0], a: stride(a, $0), b: stride(b, $0), c: stride(c, $0))
    }
    self.init(
      m: c[c.rank - 2], n: c.last, k: transposesA ? a[a.rank - 2] : a.last,
      transposesA: transposesA, transposesB: transposesB, axes: Self.merged(all))
  }

  /// Where one large product says the same as many small ones, it is one large product: more rows of
  /// A for the same B, or more terms of a sum that runs over the matrices too.
  private init(
    m: Int, n: Int, k: Int, transposesA: Bool, transposesB: Bool, axes: [Axis]
  ) {
    var (m, k, axes) = (m, k, axes)
    if let last = axes.last {
      if !transposesA, last.b == 0, last.a == m * k, last.c == m * n {
        m *= last.extent
        axes.removeLast()
      } else if transposesA, !transposesB, last.c == 0, last.a == m * k, last.b == k * n {
        k *= last.extent
        axes.removeLast()
      }
    }
    (self.m, self.n, self.k, self.axes) = (m, n, k, axes)
    (self.transposesA, self.transposesB) = (transposesA, transposesB)
  }

  private static func merged(_ axes: [Axis]) -> [Axis] {
    var merged: [Axis] = []
    for axis in axes where axis.extent != 1 {
      guard let last = merged.last, last.a == axis.a * axis.extent,
        last.b == axis.b * axis.extent, last.c == axis.c * axis.extent
      else {
        merged.append(axis)
        continue
      }
      merged[merged.count - 1] = Axis(
        extent: last.extent * axis.extent, a: axis.a, b: axis.b, c: axis.c)
    }
    return merged
  }

  /// Whether several products are added up in one place.
  private var meets: Bool { axes.contains { $0.c == 0 } }

  /// Where the matrices of every index of some axes begin.
  private static func starts(_ axes: some Sequence<Axis>) -> [(a: Int, b: Int, c: Int)] {
    axes.reduce([(0, 0, 0)]) { starts, axis in
      starts.flatMap { start in
        (0..<axis.extent).map {
          (start.0 + $0 * axis.a, start.1 + $0 * axis.b, start.2 + $0 * axis.c)
        }
      }
    }
  }

  /// The calls that compute it. One has room for four axes; further ones become several calls.
  func calls(_ a: Value, _ b: Value, _ c: Value) -> [KernelCall] {
    var flags: MatMulFlags = meets ? .accumulate : []
    if transposesA { flags.insert(.transposeA) }
    if transposesB { flags.insert(.transposeB) }
    let missing = [Axis](
      repeating: Axis(extent: 1, a: 0, b: 0, c: 0), count: max(4 - axes.count, 0))
    let inner = missing + axes.suffix(4)
    let sizes =
      [m, n, k, flags.rawValue] + inner.map(\.extent) + inner.map(\.a) + inner.map(\.b)
      + inner.map(\.c)
    let products = Self.starts(axes.dropLast(4)).map { start in
      KernelCall(
        .batchedMatMul,
        [Slice(a, from: start.a), Slice(b, from: start.b), Slice(c, from: start.c)],
        sizes: sizes)
    }
    return (meets ? KernelCall.fill(c) : []) + products
  }

  /// The places in A and B of the factors whose products add up to a place of C.
  package func factors(of place: Int) -> [(a: Int, b: Int)] {
    Self.starts(axes).flatMap { start -> [(a: Int, b: Int)] in
      let cell = place - start.c
      guard cell >= 0, cell < m * n else { return [] }
      let (i, j) = cell.quotientAndRemainder(dividingBy: n)
      return (0..<k).map {
        (
          start.a + (transposesA ? $0 * m + i : i * k + $0),
          start.b + (transposesB ? j * k + $0 : $0 * n + j)
        )
      }
    }
  }
}
