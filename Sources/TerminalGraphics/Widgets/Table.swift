/// Lines in columns, with headings, a chosen line and scrolling.
package struct Table: Sendable {
  package struct Column: Sendable {
    package var title: String
    package var width: Extent
    package var alignment: CellGrid.Alignment

    package init(
      _ title: String = "", _ width: Extent = .share(1),
      _ alignment: CellGrid.Alignment = .leading
    ) {
      self.title = title
      self.width = width
      self.alignment = alignment
    }
  }

  package var columns: [Column]
  /// A text for each column.
  package var rows: [[StyledText]]
  package var selection: ListSelection?
  /// Whether the panel has the focus: else the chosen line is marked less.
  package var isFocused: Bool
  /// Columns of the screen between two of the table.
  package var gap: Int

  package init(
    columns: [Column], rows: [[StyledText]], selection: ListSelection? = nil,
    isFocused: Bool = true, gap: Int = 2
  ) {
    self.columns = columns
    self.rows = rows
    self.selection = selection
    self.isFocused = isFocused
    self.gap = gap
  }

  private var headingHeight: Int { columns.contains { !$0.title.isEmpty } ? 1 : 0 }

  /// Which rows an area shows; also for the scroll bar of the box around it.
  package func scroll(in area: Rect) -> ScrollPosition {
    let shown = max(0, area.height - headingHeight)
    return (selection ?? ListSelection()).scroll(shown: shown, count: rows.count)
  }

  /// The row under a point of `area`, nil for none.
  package func row(at point: Point, in area: Rect) -> Int? {
    let line = point.y - area.y - headingHeight
    let row = scroll(in: area).first + line
    return area.contains(point) && line >= 0 && row < rows.count ? row : nil
  }

  /// Draws the headings and the rows that fit; the chosen one on a bar as wide as the area.
  package func draw(in area: Rect, on grid: inout CellGrid) {
    let spans = area.inset(rows: 0).columns(columns.map(\.width), gap: gap)
    if headingHeight > 0 {
      for (column, span) in zip(columns, spans) {
        grid.write(
          .secondary(column.title), at: Point(span.x, area.y), width: span.width,
          alignment: column.alignment)
      }
    }
    let scroll = scroll(in: area)
    for line in 0..<scroll.shown where scroll.first + line < rows.count {
      let y = area.y + headingHeight + line
      let isChosen = selection?.index == scroll.first + line
      for ((text, column), span) in zip(zip(rows[scroll.first + line], columns), spans) {
        let text = isChosen && isFocused ? text.adding(.bold) : text
        grid.write(text, at: Point(span.x, y), width: span.width, alignment: column.alignment)
      }
      if isChosen {
        grid.highlight(Rect(area.x, y, area.width, 1), background: isFocused ? .selection : .bar)
      }
    }
  }
}
