import Foundation
import Tensors

/// The functions of `sklearn.metrics`.
enum Metrics {
  static func module() -> Namespace {
    let metrics = Namespace("sklearn.metrics")
    for function in classification + regression { metrics.add(function) }
    return metrics
  }

  /// Labels of two arrays as numbers of one list of classes.
  private struct Classes {
    let known: NDArray
    let truth: [Int]
    let guess: [Int]

    init(_ call: BoundCall) throws {
      let (t, p) = (try call.operand("y_true"), try call.operand("y_pred"))
      guard t.count == p.count, t.count > 0, t.rank <= 2 else {
        throw call.unsuitable("y_pred", wanted: "as many labels as \"y_true\"")
      }
      if p.kind.isFloat, p.scalars.contains(where: { $0 != $0.rounded() }) {
        throw Complaint(
          "\(call.function)() got numbers between classes for \"y_pred\"",
          remedy: "take classes: (p > 0.5).astype(int), or np.argmax(p, axis=1)",
          at: call.anchor("y_pred"))
      }
      let both = NDArray.unified([t.reshaped(to: [t.count]), p.reshaped(to: [p.count])])
      let labels = Array(Set(both[0].scalars + both[1].scalars)).sorted()
      let places = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
      known = both[0].with(shape: [labels.count], scalars: labels)
      truth = both[0].scalars.map { places[$0] ?? 0 }
      guess = both[1].scalars.map { places[$0] ?? 0 }
    }

    var matrix: [[Int]] {
      var table = [[Int]](
        repeating: [Int](repeating: 0, count: known.count), count: known.count)
      for (t, p) in zip(truth, guess) { table[t][p] += 1 }
      return table
    }

    /// Precision, recall and F of a class, and how often it truly occurs.
    func scores(
      _ k: Int, zero: Double
    ) -> (precision: Double, recall: Double, f: Double, support: Int) {
      let table = matrix
      let hits = Double(table[k][k])
      let guessed = Double(table.reduce(0) { $0 + $1[k] })
      let support = table[k].reduce(0, +)
      let precision = guessed == 0 ? zero : hits / guessed
      let recall = support == 0 ? zero : hits / Double(support)
      let both = guessed + Double(support)
      return (precision, recall, both == 0 ? zero : 2 * hits / both, support)
    }

    var accuracy: Double {
      Double(zip(truth, guess).count { $0 == $1 }) / Double(truth.count)
    }
  }

  private static var classification: [NativeFunction] {
    [
      NativeFunction("accuracy_score(y_true, y_pred, *, normalize=True)") { call in
        if let (t, p) = try? (call.operand("y_true"), call.operand("y_pred")), t.rank == 2,
          t.shape == p.shape, t.shape[1] > 1
        {
          let hits = (0..<t.shape[0]).count { t.row($0).scalars == p.row($0).scalars }
          return .number(Double(hits) / Double(max(1, t.shape[0])))
        }
        let classes = try Classes(call)
        return try call.boolean("normalize")
          ? .number(classes.accuracy)
          : .number((classes.accuracy * Double(classes.truth.count)).rounded())
      },
      NativeFunction("confusion_matrix(y_true, y_pred, *, normalize=None)") { call in
        let classes = try Classes(call)
        let table = classes.matrix
        let n = table.count
        let counts = NDArray(
          shape: [n, n], scalars: table.flatMap { $0.map(Double.init) }, kind: .int64)
        guard let way = call["normalize"].string else { return try call.evaluator.value(counts) }
        guard let axes = ["true": [1], "pred": [0], "all": [0, 1]][way] else {
          throw call.unsuitable("normalize", wanted: "'true', 'pred' or 'all'")
        }
        let sums = try counts.sums(along: axes, keepAxes: true, kind: .float64)
        return try call.evaluator.value(
          try NDArray.combined(counts, sums, kind: .float64) { $1 == 0 ? 0 : $0 / $1 })
      },
      score("precision_score") { $0.precision }, score("recall_score") { $0.recall },
      score("f1_score") { $0.f },
      NativeFunction(
        "classification_report(y_true, y_pred, *, target_names=None, digits=2, zero_division=0)",
        report),
      NativeFunction("roc_auc_score(y_true, y_score)") { call in .number(try area(call)) },
      NativeFunction("log_loss(y_true, y_pred)") { call in .number(try logLoss(call)) },
    ]
  }

  private static func score(
    _ name: String,
    _ part: @escaping ((precision: Double, recall: Double, f: Double, support: Int)) -> Double
  ) -> NativeFunction {
    NativeFunction("\(name)(y_true, y_pred, *, pos_label=1, average='binary', zero_division=0)") {
      call in
      let classes = try Classes(call)
      let zero = call["zero_division"].anyNumber ?? 0
      let all = classes.known.scalars.indices.map { classes.scores($0, zero: zero) }
      if call["average"].isNone { return try call.evaluator.value(NDArray(row: all.map(part))) }
      switch try call.text("average") {
      case "binary":
        guard all.count <= 2 else {
          throw Complaint(
            "\(name)() of \(all.count) classes needs an average",
            remedy: "average='macro', 'micro' or 'weighted'")
        }
        guard
          let k = classes.known.cells.firstIndex(of: Cell(call["pos_label"]) ?? .none)
            ?? classes.known.cells.firstIndex(where: {
              $0.value == call["pos_label"].anyNumber && $0.value != nil
            })
        else { return .number(zero) }
        return .number(part(all[k]))
      case "macro": return .number(NDArray.mean(all.map(part)))
      case "micro": return .number(classes.accuracy)
      case "weighted":
        let total = all.reduce(0) { $0 + $1.support }
        return .number(NDArray.sum(all.map { part($0) * Double($0.support) }) / Double(total))
      default:
        throw call.unsuitable("average", wanted: "'binary', 'macro', 'micro', 'weighted' or None")
      }
    }
  }

  /// The table that scikit-learn prints.
  private static func report(_ call: BoundCall) throws -> PythonValue {
    let classes = try Classes(call)
    let digits = try call.integer("digits", in: 0...15)
    let zero = call["zero_division"].anyNumber ?? 0
    let names =
      call["target_names"].isNone
      ? classes.known.cells.map(\.str) : try call.operand("target_names").cells.map(\.str)
    let all = classes.known.scalars.indices.map { classes.scores($0, zero: zero) }
    guard names.count == all.count else {
      throw call.unsuitable("target_names", wanted: "\(all.count) names")
    }
    let width = max(names.map(\.count).max() ?? 0, "weighted avg".count, digits)
    let total = all.reduce(0) { $0 + $1.support }
    func word(_ x: Double) -> String { TableText.right(PythonFormat.decimals(x, digits), 9) }
    func line(_ name: String, _ numbers: [Double], _ support: Int) -> String {
      TableText.right(name, width) + " " + numbers.map { " " + word($0) }.joined() + " "
        + TableText.right("\(support)", 9) + "\n"
    }
    let heads = ["precision", "recall", "f1-score", "support"].enumerated()
    var text =
      String(repeating: " ", count: width) + " "
      + heads.map { " " + TableText.right($1, 9) }.joined() + "\n\n"
    for (name, s) in zip(names, all) {
      text += line(name, [s.precision, s.recall, s.f], s.support)
    }
    text +=
      "\n" + TableText.right("accuracy", width) + " "
      + String(repeating: " ", count: 20) + " " + word(classes.accuracy)
      + " " + TableText.right("\(total)", 9) + "\n"
    func average(_ weight: (Int) -> Double) -> [Double] {
      let weights = all.map { weight($0.support) }
      let sum = NDArray.sum(weights)
      return [all.map(\.precision), all.map(\.recall), all.map(\.f)].map { parts in
        NDArray.sum(zip(parts, weights).map { $0 * $1 }) / sum
      }
    }
    text += line("macro avg", average { _ in 1 }, total)
    text += line("weighted avg", average { Double($0) }, total)
    return .text(text)
  }

  /// The part of pairs of examples that the scores order rightly.
  private static func area(_ call: BoundCall) throws -> Double {
    let (t, s) = (try call.array("y_true").scalars, try call.array("y_score").scalars)
    guard t.count == s.count, Set(t).count == 2, let positive = t.max() else {
      throw call.unsuitable("y_true", wanted: "two classes, and a score for each example")
    }
    let order = NDArray.order(s)
    var ranks = [Double](repeating: 0, count: s.count)
    var i = 0
    while i < order.count {
      var j = i
      while j + 1 < order.count && s[order[j + 1]] == s[order[i]] { j += 1 }
      for k in i...j { ranks[order[k]] = Double(i + j) / 2 + 1 }
      i = j + 1
    }
    let ones = t.indices.filter { t[$0] == positive }
    let n = Double(ones.count)
    return (ones.reduce(0) { $0 + ranks[$1] } - n * (n + 1) / 2) / (n * (Double(t.count) - n))
  }

  private static func logLoss(_ call: BoundCall) throws -> Double {
    let truth = try call.operand("y_true")
    let known = Transformers.classes(truth)
    var p = try call.array("y_pred").converted(to: .float64)
    if p.rank == 1 {
      let one = p.map { 1 - $0 }
      p = NDArray.stacked([one, p]).transposed([1, 0])
    }
    guard p.rank == 2, p.shape[0] == truth.count, p.shape[1] == known.count else {
      throw call.unsuitable("y_pred", wanted: "a probability for each example and class")
    }
    let tiny = Double.ulpOfOne
    let terms = truth.cells.enumerated().map { i, cell -> Double in
      let k = known.cells.firstIndex(of: cell) ?? 0
      return -log(min(max(p.scalars[i * known.count + k], tiny), 1 - tiny))
    }
    return NDArray.mean(terms)
  }

  // MARK: Regression

  private static var regression: [NativeFunction] {
    func of(_ name: String, _ f: @escaping ([Double], [Double]) -> Double) -> NativeFunction {
      NativeFunction("\(name)(y_true, y_pred)") { call in
        let (t, p) = (try call.array("y_true"), try call.array("y_pred"))
        guard t.count == p.count, t.count > 0 else {
          throw call.unsuitable("y_pred", wanted: "as many numbers as \"y_true\"")
        }
        return .number(f(t.scalars, p.scalars))
      }
    }
    func meanSquare(_ t: [Double], _ p: [Double]) -> Double {
      NDArray.mean(zip(t, p).map { ($0 - $1) * ($0 - $1) })
    }
    return [
      of("mean_squared_error", meanSquare),
      of("root_mean_squared_error") { meanSquare($0, $1).squareRoot() },
      of("mean_absolute_error") { NDArray.mean(zip($0, $1).map { abs($0 - $1) }) },
      of("max_error") { zip($0, $1).map { abs($0 - $1) }.max() ?? 0 },
      of("r2_score") { t, p in
        let center = NDArray.mean(t)
        let left = NDArray.sum(zip(t, p).map { ($0 - $1) * ($0 - $1) })
        let all = NDArray.sum(t.map { ($0 - center) * ($0 - center) })
        return all == 0 ? (left == 0 ? 1 : 0) : 1 - left / all
      },
    ]
  }
}
