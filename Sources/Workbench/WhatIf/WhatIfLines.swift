import Autodiff
import Datasets
import Lessons
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// How a what-if that is being typed at `:` may go on. Only names are completed: a number that one
/// is in the middle of is nobody else's.
enum WhatIfLines {
  static func found(_ text: String, _ state: AppState) -> [PaletteEntry] {
    guard let space = text.firstIndex(of: " ") else { return [] }
    let word = String(text[..<space])
    let rest = String(text[space...]).trimmingSpaces
    if ["load", "open"].contains(word) {
      return lines(word, files(word, state).map { ($0, "a file of that name") }, rest)
    }
    guard let settings = state.lab.settings else { return [] }
    if rest.contains("=") {
      return ["set", "ask"].contains(word) ? lines(word, values(rest, settings, state), rest) : []
    }
    switch word {
    case "set": return lines(word, named(state), rest)
    case "ask": return lines(word, asked(settings), rest)
    case "drop" where rest.isEmpty: return lines(word, examples(state), rest)
    case "switch" where rest.isEmpty: return lines(word, branches(state), rest)
    case "compare" where rest.isEmpty: return lines(word, pairs(state), rest)
    default: return []
    }
  }

  private typealias Line = (text: String, does: String)

  private static func lines(_ word: String, _ all: [Line], _ rest: String) -> [PaletteEntry] {
    all.filter { $0.text.hasPrefix(rest) }.prefix(200)
      .map { .line("\(word) \($0.text)", does: $0.does) }
  }

  /// What can be set: the rate, the chosen number, a number of each weight, the example's.
  private static func named(_ state: AppState) -> [Line] {
    let rate = NumberFormat.compact(state.lab.learningRate, digits: 3)
    var all: [Line] = [("learning_rate = ", "now \(rate); from the next step on")]
    if let moment = state.lab.moment {
      if moment.result < moment.results.count,
        moment.plan[moment.results[moment.result].value].role == .parameter,
        let chosen = moment.explanation
      {
        all.append(
          ("\(chosen.name) = ", "the chosen number, now \(NumberFormat.compact(chosen.result))"))
      }
      if let lens = moment.lens {
        let zeros = Array(repeating: "0", count: max(0, lens.input.shape.rank - 1))
        let index = (["\(lens.place)"] + zeros).joined(separator: ",")
        all.append(("input[\(index)] = ", "an input of the example under the lens"))
        if lens.target.count == 1 {
          all.append(("target[\(lens.place)] = ", "the target of the example under the lens"))
        }
      }
    }
    let weights = state.lab.network?.weights ?? []
    return all
      + weights.map { name, spec in
        let index = spec.shape.extents.map { _ in "0" }.joined(separator: ",")
        let place = index.isEmpty ? name : "\(name)[\(index)]"
        return ("\(place) = ", "one number of a weight of shape \(spec.shape)")
      }.filter { line in !all.contains { $0.text == line.0 } }
  }

  private static func asked(_ settings: RunSettings) -> [Line] {
    let batch = NumberFormat.integer(settings.batchSize)
    let optimizer = settings.model.compilation?.optimizer.kind ?? "none"
    return [
      ("dropout = ", "as in dropout = 0.2 over 20 seeds"),
      ("learning_rate = ", "as in learning_rate = 0.01 over 20 seeds"),
      ("batch_size = ", "now \(batch)"), ("epochs = ", "now \(settings.epochs)"),
      ("optimizer = ", "now \(optimizer)"), ("activation = ", "of every hidden layer"),
      ("shuffle = ", "now \(settings.shuffles ? "True" : "False")"),
    ] + settings.model.layerNames.map { ("\($0).", "an argument of this layer: \($0).units = 64") }
  }

  /// A lesson's run reads the lesson's programs alone.
  private static func files(_ word: String, _ state: AppState) -> [String] {
    if word == "load", state.learn.own != nil, let lesson = state.learn.lesson {
      return lesson.programs.keys.sorted()
    }
    guard case .palette(let palette)? = state.overlay else { return [] }
    return palette.files.paths
  }

  /// What a setting may be, where that is a list: `set optimizer = adam`.
  private static func values(
    _ typed: String, _ settings: RunSettings, _ state: AppState
  ) -> [Line] {
    let sides = typed.split(separator: "=", omittingEmptySubsequences: false).map {
      String($0).trimmingSpaces
    }
    guard sides.count == 2 else { return [] }
    let known = words(of: sides[0], settings, state).filter { $0.hasPrefix(sides[1]) }
    // As it is typed so far, whatever blanks are in it.
    let start = String(typed.prefix { $0 != "=" }) + "="
    let gap = sides[1].isEmpty || typed.dropFirst(start.count).hasPrefix(" ") ? " " : ""
    return known.map { (start + gap + $0, "one of \(known.count)") }
  }

  private static func words(
    of name: String, _ settings: RunSettings, _ state: AppState
  ) -> [String] {
    switch name {
    case "scale": return ["standard", "none"]
    case "shuffle": return ["True", "False"]
    case "callbacks": return ["None"]
    case "optimizer": return ComponentFamily.optimizer.names
    case "loss": return ComponentFamily.loss.names
    case "activation": return ComponentFamily.activation.names
    case "data": return state.library.names
    default: break
    }
    let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2,
      let place = settings.model.layerNames.firstIndex(of: parts[0]),
      let spec = settings.model.layers[place].arguments.specs.first(where: { $0.name == parts[1] })
    else { return [] }
    switch spec.kind {
    case .boolean: return ["True", "False"]
    case .choice(let words): return words
    case .component(let family): return family.names
    default: return []
    }
  }

  private static func examples(_ state: AppState) -> [Line] {
    let rows = state.lab.moment?.batchRows ?? []
    return rows.enumerated().map { ("\($0.offset)", "row \($0.element) of the training examples") }
  }

  private static func branches(_ state: AppState) -> [Line] {
    state.lab.branches.filter { !$0.isCurrent }.map { ("\($0.number)", $0.shortWords) }
  }

  private static func pairs(_ state: AppState) -> [Line] {
    guard let here = state.lab.branches.current?.number else { return [] }
    return state.lab.branches.filter { !$0.isCurrent }.map {
      ("\(here) \($0.number)", "the one at hand, and \($0.shortWords)")
    }
  }
}
