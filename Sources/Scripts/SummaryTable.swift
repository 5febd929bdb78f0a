import KerasCode
import NeuralNets
import Tensors

/// The table that `model.summary()` prints, line for line.
struct SummaryTable {
  /// What stands in a row.
  private struct Row {
    let layer: String
    let shape: String
    let count: String
    var connections = "-"
    var isTrainable: Bool?
  }

  private let options: SummaryOptions
  /// Whether a column says what each layer takes.
  private let isGraph: Bool
  /// How many examples a batch has, where that is fixed.
  private var batch: Int?
  private var inputNames: [String] = []
  private var kinds: [String?] = []

  private init(_ options: SummaryOptions, isGraph: Bool) {
    self.options = options
    self.isGraph = isGraph
  }

  // MARK: Whole tables

  /// - Parameter showsInput: whether the inputs have rows of their own, as in functional models.
  static func text(
    _ summary: ModelSummary, _ options: SummaryOptions, showsInput: Bool,
    inputNames: [String] = [], kinds: [String?] = [], countsOptimizer: Bool,
    beside other: PlacedGraph? = nil
  ) -> String {
    let graph = summary.network.graph
    let wiring = showsInput ? summary.network.description.wiring : nil
    let order = WalkOrder(graph.wiring)
    var table = SummaryTable(options, isGraph: wiring != nil && !order.isStraight)
    table.batch = summary.network.description.batchSize
    (table.inputNames, table.kinds) = (inputNames, kinds)
    let rows = table.rows(
      of: graph, beside: other, inputs: showsInput ? graph.wiring.inputs : nil, level: 0)
    let extra = countsOptimizer ? summary.optimizerParameters : 0
    let trainable = summary.trainableParameters
    var lines = ["Model: \"\(summary.name)\""] + table.boxed(rows)
    lines += [
      " Total params: \(ModelSummary.sized(summary.parameters + extra))",
      " Trainable params: \(ModelSummary.sized(trainable))",
      " Non-trainable params: \(ModelSummary.sized(summary.parameters - trainable))",
    ]
    if countsOptimizer { lines.append(" Optimizer params: \(ModelSummary.sized(extra))") }
    return lines.joined(separator: "\n")
  }

  /// The table of a model whose input is not known yet.
  static func unbuilt(_ description: ModelDescription, _ options: SummaryOptions) -> String {
    let rows = zip(description.layerNames, description.layers).map { name, layer in
      Row(layer: "\(name) (\(layer.kind))", shape: "?", count: "0 (unbuilt)")
    }
    let none = ModelSummary.sized(0)
    let lines =
      ["Model: \"\(description.name)\""] + SummaryTable(options, isGraph: false).boxed(rows)
    return
      (lines + [
        " Total params: \(none)", " Trainable params: \(none)", " Non-trainable params: \(none)",
      ]).joined(separator: "\n")
  }

  // MARK: Rows

  private func rows(
    of graph: PlacedGraph, beside other: PlacedGraph?, inputs: [Wiring.Input]?, level: Int
  ) -> [Row] {
    let prefix = level == 0 ? "" : String(repeating: "   ", count: level) + "└ "
    let names = GraphNames(graph, inputs: inputs)
    let entries: [WalkOrder.Entry] =
      inputs == nil ? graph.layers.indices.map { .layer($0) } : WalkOrder(graph.wiring).entries
    return entries.flatMap { entry -> [Row] in
      switch entry {
      case .input(let i):
        let name =
          level == 0 && inputNames.indices.contains(i) ? inputNames[i] : names.inputs[i]
        return [
          Row(
            layer: "\(prefix)\(name) (InputLayer)",
            shape: ModelSummary.batched(
              graph.inputShapes[i], batch, beside: other?.inputShapes[i]), count: "0")
        ]
      case .layer(let i):
        let layer = graph.layers[i]
        let another = other?.layers[i]
        let shapes = layer.outputShapes.enumerated().map {
          ModelSummary.batched($1, batch, beside: another?.outputShapes[$0])
        }
        let kind = level == 0 && kinds.indices.contains(i) ? kinds[i] ?? layer.kind : layer.kind
        var row = Row(
          layer: "\(prefix)\(layer.name) (\(kind))",
          shape: shapes.count == 1 ? shapes[0] : "[" + shapes.joined(separator: ", ") + "]",
          count: ModelSummary.grouped(layer.parameterCount))
        if level == 0 { row.connections = names.connections(of: i) }
        if !layer.weights.isEmpty { row.isTrainable = layer.component.isTrainable }
        return [row] + inner(layer, beside: another, level)
      }
    }
  }

  private func inner(
    _ layer: PlacedGraph.PlacedLayer, beside other: PlacedGraph.PlacedLayer?, _ level: Int
  ) -> [Row] {
    guard options.expandsNested, let inner = layer.inner else { return [] }
    let inputs = layer.kind == "Functional" ? inner.wiring.inputs : nil
    return rows(of: inner, beside: other?.inner, inputs: inputs, level: level + 1)
  }

  // MARK: Boxes

  /// Columns as rich makes them: parts of the line, less what their edges take.
  private var widths: [Int] {
    var places = isGraph ? [0.3, 0.56, 0.74, 1.0] : [0.45, 0.80, 1.0]
    var standard = isGraph ? 108 : 88
    if options.showsTrainable {
      standard += 12
      places = places.map { $0 * 0.9 } + [1]
    }
    let length = options.lineLength ?? min(standard, options.terminalColumns - 4)
    var widths: [Int] = []
    for place in places {
      widths.append(max(1, Int(place * Double(length)) - widths.reduce(0, +)))
    }
    widths = widths.map { $0 + 2 }
    var excess = widths.reduce(0, +) - (length - widths.count - 1)
    for i in widths.indices where excess > 0 {
      let share = (Double(excess) / Double(widths.count - i)).rounded(.toNearestOrEven)
      let cut = min(widths[i] - 3, Int(share))
      widths[i] -= max(0, cut)
      excess -= max(0, cut)
    }
    return widths
  }

  private func cells(_ row: Row) -> [String] {
    var cells = [row.layer, row.shape, row.count]
    if isGraph { cells.append(row.connections) }
    if options.showsTrainable { cells.append(row.isTrainable.map { $0 ? "Y" : "N" } ?? "-") }
    return cells
  }

  /// Rows in Keras's boxes; what is too long for its column goes on below.
  private func boxed(_ rows: [Row]) -> [String] {
    let widths = widths
    func rule(_ ends: (String, String, String), _ line: String) -> String {
      ends.0 + widths.map { String(repeating: line, count: $0) }.joined(separator: ends.1) + ends.2
    }
    var titles = ["Layer (type)", "Output Shape", "Param #"]
    if isGraph { titles.append("Connected to") }
    if options.showsTrainable { titles.append("Trainable") }
    var lines = [rule(("┏", "┳", "┓"), "━")]
    lines += wrapped(titles, widths, "┃")
    lines.append(rule(("┡", "╇", "┩"), "━"))
    for (i, row) in rows.enumerated() {
      if i > 0 { lines.append(rule(("├", "┼", "┤"), "─")) }
      lines += wrapped(cells(row), widths, "│")
    }
    return lines + [rule(("└", "┴", "┘"), "─")]
  }

  private func wrapped(_ cells: [String], _ widths: [Int], _ bar: String) -> [String] {
    let parts = zip(cells, widths).map { Self.words($0, width: $1 - 2) }
    return (0..<(parts.map(\.count).max() ?? 0)).map { line in
      let padded = zip(parts, widths).enumerated().map { column, cell in
        Self.padded(
          line < cell.0.count ? cell.0[line] : "", width: cell.1 - 2,
          before: column == 2 ? 1 : column == (isGraph ? 4 : 3) ? 0.5 : 0)
      }
      return bar + padded.joined(separator: bar) + bar
    }
  }

  /// - Parameter before: the share of the blanks that stand before the text.
  private static func padded(_ text: String, width: Int, before: Double) -> String {
    let blanks = max(0, width - text.count)
    let left = Int(before * Double(blanks))
    return " " + String(repeating: " ", count: left) + text
      + String(repeating: " ", count: blanks - left) + " "
  }

  /// Lines of whole words; a word that is too long for one is cut.
  private static func words(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    // Blanks at the beginning belong to the first word.
    let start = text.prefix { $0 == " " }
    for (i, word) in text.split(separator: " ").enumerated() {
      let whole = i == 0 ? start + word : word
      let part = whole.count > width ? whole.prefix(max(0, width - 1)) + "…" : whole
      if let last = lines.last, last.count + 1 + part.count <= width {
        lines[lines.count - 1] = "\(last) \(part)"
      } else {
        lines.append(String(part))
      }
    }
    return lines
  }
}

/// What the layers of a graph take, by name.
struct GraphNames {
  let inputs: [String]
  private let graph: PlacedGraph

  init(_ graph: PlacedGraph, inputs: [Wiring.Input]?) {
    self.graph = graph
    self.inputs = graph.inputShapes.indices.map { i in
      inputs.flatMap { $0.indices.contains(i) ? $0[i].name : nil }
        ?? (i == 0 ? "input_layer" : "input_layer_\(i)")
    }
  }

  /// `dense[0][0], dense_1[0][0]`: the layer, which of its calls, which of its tensors.
  func connections(of layer: Int) -> String {
    let all = sources(of: layer, inDetail: true)
    return all.isEmpty ? "-" : all.joined(separator: ", ")
  }

  /// The names of what a layer takes, call by call.
  func sources(of layer: Int, inDetail: Bool = false) -> [String] {
    var uses = [Int](repeating: 0, count: graph.layers.count)
    var places: [Int] = []
    var found: [String] = []
    for call in graph.wiring.calls {
      if call.layer == layer {
        found += call.inputs.compactMap { source in
          switch source {
          case .input(let i): inputs[i] + (inDetail ? "[0][0]" : "")
          case .call(let i, let output):
            graph.layers[graph.wiring.calls[i].layer].name
              + (inDetail ? "[\(places[i])][\(output)]" : "")
          case .weight, .constant: nil
          }
        }
      }
      places.append(uses[call.layer])
      uses[call.layer] += 1
    }
    return found
  }
}
