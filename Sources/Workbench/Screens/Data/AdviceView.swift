import Datasets
import Tensors
import TerminalGraphics
import Training

/// What is odd about a data set and what to do about it; missing values; what was done on reading.
struct AdviceView {
  let preview: DataPreview
  let state: AppState

  private func lines(width: Int) -> [StyledText] {
    var lines: [StyledText] = []
    func add(_ text: StyledText, indent: Int = 0) {
      for line in text.wrapped(to: max(8, width - indent)) {
        lines.append(.text(String(repeating: " ", count: indent)) + line)
      }
    }
    if let trouble = preview.trouble { add(.warning("▲ " + trouble)) }
    for (warning, others) in Self.grouped(preview.warnings) {
      let isScale = warning.isAboutScale && state.workpiece.preparation.standardizes
      add((isScale ? .good("● ") : .warning("▲ ")) + .text(warning.description))
      if others > 0 { add(.secondary("and so \(others) more"), indent: 2) }
      add(isScale ? .good("standardized: it does no harm") : warning.advice, indent: 2)
    }
    if preview.warnings.isEmpty {
      add(
        .good("● ")
          + .text(
            "Nothing odd was found: scales, doubles, constants, row numbers, answers given"
              + " away, unequal classes."))
    }
    lines.append(StyledText())
    let missing = missing
    if missing.isEmpty {
      add(.good("● ") + .text("no value is missing"))
    } else {
      add(.strong("missing values"))
      for (name, count) in missing {
        let share = Double(count) / Double(max(1, preview.dataset.count))
        add(
          .text(name + " ") + .warning(NumberFormat.integer(count))
            + .secondary(" (\(NumberFormat.percent(share)))"), indent: 2)
      }
      if preview.dataset.notes.isEmpty {
        add(
          .secondary("open the file again with ") + .accent("o")
            + .secondary(" and :missing=mean, median, most-frequent or drop"), indent: 2)
      }
    }
    if !preview.dataset.notes.isEmpty {
      lines.append(StyledText())
      add(.strong("done on reading"))
      for note in preview.dataset.notes { add(.secondary(note), indent: 2) }
    }
    lines.append(StyledText())
    add(.secondary("license: ") + .text(preview.dataset.license))
    return lines
  }

  /// Each kind of oddness: up to three columns of a kind one by one, of more the first and how many
  /// others are like it.
  private static func grouped(_ all: [DatasetWarning]) -> [(DatasetWarning, others: Int)] {
    var groups: [[DatasetWarning]] = []
    for warning in all {
      if let place = groups.firstIndex(where: { $0[0].advice == warning.advice }) {
        groups[place].append(warning)
      } else {
        groups.append([warning])
      }
    }
    return groups.flatMap { group in
      group.count > 3 ? [(group[0], group.count - 1)] : group.map { ($0, 0) }
    }
  }

  /// The columns with missing values, as they were in the file.
  private var missing: [(name: String, count: Int)] {
    let filed = preview.dataset.profile.filter { $0.missing > 0 }.map { ($0.name, $0.missing) }
    guard filed.isEmpty else { return filed }
    return preview.summaries.filter { $0.missing > 0 }.map { ($0.name, $0.missing) }
  }

  func note(in area: Rect) -> String {
    let count = lines(width: area.width).count
    guard count > area.height else { return "" }
    let first = min(state.data.firstAdvice, count - area.height)
    return "\(first + 1)–\(first + area.height) of \(count) ↑ ↓"
  }

  func draw(in area: Rect, on grid: inout CellGrid) {
    let lines = lines(width: area.width)
    let first = max(0, min(state.data.firstAdvice, lines.count - area.height))
    for (row, line) in lines.dropFirst(first).prefix(area.height).enumerated() {
      grid.write(line, at: Point(area.x, area.y + row), width: area.width)
    }
  }

  static func press(_ key: Key, _ area: Rect?, _ state: inout AppState) -> [Effect]? {
    guard let preview = state.data.preview, let area else { return nil }
    let count = AdviceView(preview: preview, state: state).lines(width: area.width).count
    var first = state.data.firstAdvice
    switch key {
    case .up, .character("k"): first -= 1
    case .down, .character("j"): first += 1
    case .pageUp: first -= max(1, area.height - 1)
    case .pageDown: first += max(1, area.height - 1)
    case .home: first = 0
    case .end: first = count
    default: return nil
    }
    state.data.firstAdvice = max(0, min(first, count - area.height))
    return []
  }
}

extension DatasetWarning {
  /// What to do about it.
  var advice: StyledText {
    switch self {
    case .unequalScales, .farFromZero, .wideRange:
      .accent("n") + .secondary(" standardizes: large inputs would drown the small ones")
    case .missing: .secondary("fill them in when the file is opened, or leave the column out")
    case .leakage:
      .secondary("what is judged was learned: the score will be too good; remove the doubles")
    case .imbalance:
      .secondary("look at the confusion, not at accuracy alone; weigh the rare class more, or")
        + .secondary(" keep fewer of the large one in Shape it")
    case .constant: .secondary("leave it out: :ignore=NAME when the file is opened")
    case .identifier: .secondary("leave it out: a network would learn the rows by heart")
    case .givesAnswer: .secondary("if it is only known afterwards, leave it out")
    case .duplicates: .secondary("a double on both sides of the split makes the score too good")
    case .contradictions:
      .secondary("no network can be right about both: check where the answers come from")
    }
  }
}
