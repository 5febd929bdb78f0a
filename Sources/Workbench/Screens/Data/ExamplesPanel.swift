import Datasets
import Tensors
import TerminalGraphics
import Training

/// The examples as rows: inputs, target, and whether they are learned from.
enum ExamplesPanel {
  /// Narrow windows have narrow columns.
  private static func sizes(
    _ width: Int, _ dataset: Dataset
  ) -> (number: Int, gap: Int, target: Int, row: Int) {
    let (gap, target, row) = width < 60 ? (1, 8, 4) : (2, 12, 5)
    // Names stand whole where there is room for all columns so.
    let names = dataset.features.map { TextWidth.columns($0) }.max() ?? 9
    let room = (width - row - target - 2 * gap - 6) / max(1, dataset.features.count) - gap
    return (max(9, min(names, room)), gap, target, row)
  }

  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    guard let preview = view.state.data.preview else {
      let inside = view.box("Examples", on: &grid)
      grid.writeWrapped(.secondary("Choose a data set to see its examples."), in: inside)
      return
    }
    let dataset = preview.dataset
    let hasNote = view.area.height >= 9
    let shown = max(1, view.area.height - 3 - (hasNote ? 2 : 0))
    let first = max(0, min(view.state.data.firstExample, dataset.count - shown))
    let inside = view.box(
      "Examples", detail: detail(preview, view),
      note: .secondary(
        "\(NumberFormat.integer(first))–"
          + "\(NumberFormat.integer(min(dataset.count, first + shown) - 1)) of "
          + NumberFormat.integer(dataset.count)), on: &grid)
    let sizes = sizes(inside.width, dataset)
    let room = inside.width - sizes.row - sizes.target - 2 * sizes.gap - 6
    let columns = max(1, min(dataset.features.count, room / (sizes.number + sizes.gap)))
    let rows = first..<min(dataset.count, first + shown)
    table(preview, rows, columns, view).draw(
      in: inside.trimmed(bottom: hasNote ? 2 : 0).inset(columns: -1, rows: 0), on: &grid)
    if hasNote {
      let full = note(preview, columns, view)
      grid.write(
        full.width <= inside.width ? full : note(preview, dataset.features.count, view),
        at: Point(inside.x, inside.bottom - 1), width: inside.width)
    }
  }

  /// `400 · 320 to learn from, 80 unseen (20 %)`
  private static func detail(_ preview: DataPreview, _ view: PanelView) -> StyledText {
    let learned = NumberFormat.integer(preview.learnedCount)
    guard preview.unseenCount > 0 else {
      let ways = ["\(learned) to learn from, none unseen", "\(learned), none unseen", learned]
      return .text(Fitting.text(ways, width: view.area.width - 16))
    }
    let unseen = NumberFormat.integer(preview.unseenCount)
    if view.area.width < 60 { return .text("\(learned) + \(unseen) unseen") }
    let share = view.state.workpiece.preparation.unseenShare
    let how =
      preview.dataset.validation != nil
      ? "a part of its own"
      : NumberFormat.percent(share, decimals: 0)
        + (preview.dataset.splitRule == .lastRows
          ? ", the last rows" : preview.dataset.task.classes == nil ? "" : ", stratified")
    return .text("\(learned) to learn from, \(unseen) unseen (\(how))")
  }

  private static func table(
    _ preview: DataPreview, _ rows: Range<Int>, _ columns: Int, _ view: PanelView
  ) -> Table {
    if preview.dataset.vocabulary != nil { return tokenTable(preview, rows, view) }
    let dataset = preview.dataset
    let classes = dataset.task.classes
    let sizes = sizes(view.area.width - 4, dataset)
    var headings: [Table.Column] = [.init("#", .cells(sizes.row), .trailing)]
    headings += (0..<columns).map {
      .init(dataset.features[$0], .cells(sizes.number), .trailing)
    }
    headings.append(
      .init(dataset.targetName, .cells(sizes.target), classes == nil ? .trailing : .leading))
    headings.append(.init("part", .cells(6)))
    return Table(
      columns: headings,
      rows: rows.map { row in
        var cells: [StyledText] = [.secondary(NumberFormat.integer(row))]
        cells += (0..<columns).map {
          .text(
            NumberFormat.column(preview.input($0, of: row), width: sizes.number, decimals: 3))
        }
        if let classes {
          let group = preview.group(of: row)
          cells.append(
            DotCloud.mark(of: group, among: preview.groupCount, ability: view.state.ability)
              + StyledText(" \(classes[group])", .series(group)))
        } else {
          cells.append(.text(NumberFormat.compact(preview.target(of: row))))
        }
        let isUnseen = preview.isUnseen.indices.contains(row) && preview.isUnseen[row]
        return cells + [isUnseen ? .accent("unseen") : .secondary("learn")]
      }, gap: sizes.gap)
  }

  /// Tokens as the text that they stand for.
  private static func tokenTable(
    _ preview: DataPreview, _ rows: Range<Int>, _ view: PanelView
  ) -> Table {
    let dataset = preview.dataset
    let isText = dataset.targetCount > 1
    let tokens = DataTokens(dataset)
    return Table(
      columns: [
        .init("#", .cells(5), .trailing), .init("tokens", .share(3)),
        .init(dataset.targetName, isText ? .share(2) : .cells(12)), .init("part", .cells(6)),
      ],
      rows: rows.map { row in
        let isUnseen = preview.isUnseen.indices.contains(row) && preview.isUnseen[row]
        let target = tokens.target(ofRow: row)
        let group = preview.group(of: row)
        return [
          .secondary(NumberFormat.integer(row)), .text(tokens.input(ofRow: row)),
          isText
            ? .text(target)
            : DotCloud.mark(of: group, among: preview.groupCount, ability: view.state.ability)
              + StyledText(" " + target, .series(group)),
          isUnseen ? .accent("unseen") : .secondary("learn"),
        ]
      }, gap: view.area.width < 60 ? 1 : 2)
  }

  /// Of tokens what their numbers are.
  private static func tokenNote(_ words: [String], _ width: Int) -> StyledText {
    let names = TokenNames(words)
    var text = "\(words.count) words, 0 is \(names.name(ofToken: 0)):"
    for number in words.indices {
      let next = " " + names.name(ofToken: number)
      guard TextWidth.columns(text + next) + 2 <= width else { return .secondary(text + " …") }
      text += next
    }
    return .secondary(text)
  }

  /// What becomes of the inputs on their way to the network.
  private static func note(
    _ preview: DataPreview, _ columns: Int, _ view: PanelView
  ) -> StyledText {
    if let trouble = preview.trouble { return .warning("▲ " + trouble) }
    if let words = preview.dataset.vocabulary, !view.state.workpiece.preparation.standardizes {
      return tokenNote(words, view.area.width - 4)
    }
    let key = StyledText.hint("n", "standardize")
    let hidden = preview.dataset.features.count - columns
    let rest: StyledText =
      hidden > 0 && view.area.width >= 60
      ? .secondary("\(hidden) more input\(hidden == 1 ? " is" : "s are") not shown here · ") : ""
    if view.state.workpiece.preparation.standardizes {
      if view.area.width < 60 { return .secondary("standardized  ") + .hint("n", "as they are") }
      return rest
        + .secondary("the network gets each input at mean 0 and σ 1  ")
        + .hint("n", "as they are")
    }
    if view.area.width < 60 { return .secondary("inputs as they are  ") + key }
    let spreads = preview.summaries.map(\.deviation)
    guard let low = spreads.min(), let high = spreads.max() else { return rest + key }
    // A small σ beside a large one is not 0.
    let isSmall = low > 0 && low < 0.1
    let (small, large) = (
      isSmall ? NumberFormat.compact(low, digits: 2) : NumberFormat.fixed(low, decimals: 2),
      NumberFormat.fixed(high, decimals: 2)
    )
    let words =
      small == large
      ? "inputs are used as they are: σ is \(small)"
      : "inputs are used as they are: σ from \(small) to \(large)"
    return rest + .secondary(words + "  ") + key
  }

  static func press(_ key: Key, _ state: inout AppState) -> [Effect]? {
    let count = state.data.preview?.dataset.count ?? 0
    var first = state.data.firstExample
    switch key {
    case .up, .character("k"): first -= 1
    case .down, .character("j"): first += 1
    case .pageUp: first -= 6
    case .pageDown: first += 6
    case .home: first = 0
    case .end: first = count - 1
    default: return nil
    }
    state.data.firstExample = max(0, min(first, count - 1))
    return []
  }
}
