/// A place on the screen: columns from the left, rows from the top, both from 0.
package struct Point: Hashable, Sendable {
  package var x: Int
  package var y: Int

  package init(_ x: Int, _ y: Int) {
    self.x = x
    self.y = y
  }
}

/// A size in columns and rows, never negative.
package struct Size: Hashable, Sendable {
  package var width: Int
  package var height: Int

  package init(_ width: Int, _ height: Int) {
    self.width = max(0, width)
    self.height = max(0, height)
  }
}

/// A rectangle of cells; an impossible one is empty, never negative.
package struct Rect: Hashable, Sendable {
  package var x: Int
  package var y: Int
  package var width: Int
  package var height: Int

  package init(_ x: Int, _ y: Int, _ width: Int, _ height: Int) {
    self.x = x
    self.y = y
    self.width = max(0, width)
    self.height = max(0, height)
  }

  package init(origin: Point, size: Size) {
    self.init(origin.x, origin.y, size.width, size.height)
  }

  package var origin: Point { Point(x, y) }
  package var size: Size { Size(width, height) }
  /// The first column to the right of the rectangle.
  package var right: Int { x + width }
  /// The first row below the rectangle.
  package var bottom: Int { y + height }
  package var isEmpty: Bool { width == 0 || height == 0 }

  package func contains(_ point: Point) -> Bool {
    point.x >= x && point.x < right && point.y >= y && point.y < bottom
  }

  /// What both rectangles cover.
  package func intersection(_ other: Rect) -> Rect {
    let left = max(x, other.x)
    let top = max(y, other.y)
    return Rect(left, top, min(right, other.right) - left, min(bottom, other.bottom) - top)
  }

  /// The rectangle less `columns` at both sides and `rows` at top and bottom.
  package func inset(columns: Int = 1, rows: Int = 1) -> Rect {
    Rect(x + columns, y + rows, width - 2 * columns, height - 2 * rows)
  }

  /// The rectangle less some columns or rows at each named side.
  package func trimmed(left: Int = 0, top: Int = 0, right: Int = 0, bottom: Int = 0) -> Rect {
    Rect(x + left, y + top, width - left - right, height - top - bottom)
  }

  /// The row numbered `index` from the top, or from the bottom when negative; empty when outside.
  package func row(_ index: Int) -> Rect {
    let row = index < 0 ? height + index : index
    return row >= 0 && row < height ? Rect(x, y + row, width, 1) : Rect(x, y, width, 0)
  }

  /// A rectangle of the given size in the middle of this one, never larger than it.
  package func centered(_ size: Size) -> Rect {
    let inner = Size(min(size.width, width), min(size.height, height))
    return Rect(
      x + (width - inner.width) / 2, y + (height - inner.height) / 2, inner.width, inner.height)
  }
}

/// How much of a split each part gets: so many cells, or a share of what those leave.
package enum Extent: Hashable, Sendable {
  case cells(Int)
  case share(Int)
}

extension Rect {
  /// The parts from left to right, `gap` columns between them; shares fill the width exactly.
  package func columns(_ extents: Extent..., gap: Int = 0) -> [Rect] {
    spans(of: extents, in: width, gap: gap).map { Rect(x + $0.start, y, $0.length, height) }
  }

  /// The parts from top to bottom, `gap` rows between them; shares fill the height exactly.
  package func rows(_ extents: Extent..., gap: Int = 0) -> [Rect] {
    spans(of: extents, in: height, gap: gap).map { Rect(x, y + $0.start, width, $0.length) }
  }

  /// As `columns`, for a list made at run time.
  package func columns(_ extents: [Extent], gap: Int = 0) -> [Rect] {
    spans(of: extents, in: width, gap: gap).map { Rect(x + $0.start, y, $0.length, height) }
  }

  /// As `rows`, for a list made at run time.
  package func rows(_ extents: [Extent], gap: Int = 0) -> [Rect] {
    spans(of: extents, in: height, gap: gap).map { Rect(x, y + $0.start, width, $0.length) }
  }

  private func spans(
    of extents: [Extent], in total: Int, gap: Int
  ) -> [(start: Int, length: Int)] {
    var sharesLeft = 0
    var free = total - gap * max(0, extents.count - 1)
    for extent in extents {
      switch extent {
      case .cells(let count): free -= max(0, count)
      case .share(let weight): sharesLeft += max(0, weight)
      }
    }
    var flexible = max(0, free)
    var start = 0
    return extents.map { extent in
      let wanted: Int
      switch extent {
      case .cells(let count): wanted = max(0, count)
      case .share(let weight):
        // Each share takes its part of what is left, so the last one ends at the edge.
        wanted = sharesLeft > 0 ? flexible * max(0, weight) / sharesLeft : 0
        flexible -= wanted
        sharesLeft -= max(0, weight)
      }
      let length = min(wanted, max(0, total - start))
      defer { start = min(total, start + length + gap) }
      return (start, length)
    }
  }
}
