import Autodiff
import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// Sabotage by keys: a fault is planted, suspected, proved or told.
enum FaultKeys {
  static func opening(_ state: AppState) -> Binding {
    let isOpen = state.lab.fault?.outcome == .open
    return Binding(
      [KeyStroke("S")], "find the fault", hint: isOpen ? "evidence" : "",
      help: "sabotage: a fault is planted in the run, to be found and proved by its numbers",
      whyNot: whyNot
    ) { open(&$0) }
  }

  @Sendable private static func whyNot(_ state: AppState) -> String? {
    state.lab.pass == nil ? nil : "a program's loop made this run: it stays as it was"
  }

  static func open(_ state: inout AppState) -> [Effect] {
    state.step.view = .fault
    state.focus[.step] = FaultPanel.id
    return [.lab(.look(state.interest))]
  }

  static func whileOpen(_ state: AppState) -> [Binding] {
    let isOpen = state.lab.fault?.outcome == .open
    let isFound = state.lab.fault.map { $0.outcome == .proved && $0.isPresent } ?? false
    return [
      Binding(
        [KeyStroke(.enter)], isOpen ? "say where" : "plant a fault",
        hint: isOpen ? "say where" : isFound ? "" : "plant one",
        help: "plants a fault, or says where one suspects it: the numbers answer",
        whyNot: whyNotPlant
      ) { enter(&$0) },
      Binding(
        [KeyStroke("R")], "reveal",
        hint: state.lab.fault == nil ? "" : isFound ? "mend the run" : "reveal",
        shortHint: isFound ? "mend" : nil,
        help: "tells what was planted; from the next step on the run is as it should be",
        whyNot: { $0.lab.fault == nil ? "nothing was planted: Enter plants one" : nil }
      ) { _ in [.ask("reveal")] },
      Binding(
        [KeyStroke("S")], "back to the step", help: "back to the line just done; the evidence stays"
      ) { close(&$0) },
    ]
  }

  /// A fault is planted in steps to come, of which a run at its end has none.
  @Sendable private static func whyNotPlant(_ state: AppState) -> String? {
    guard state.lab.fault?.outcome != .open, let settings = state.lab.settings,
      state.lab.position.step >= settings.totalSteps
    else { return nil }
    return "the run is at its end, and a fault is planted in steps to come: "
      + ":goto step 0 goes to its start, r on Train begins it anew"
  }

  static func close(_ state: inout AppState) -> [Effect] {
    state.step.view = .line
    state.focus[.step] = nil
    return [.lab(.look(state.interest))]
  }

  private static func enter(_ state: inout AppState) -> [Effect] {
    guard let fault = state.lab.fault else { return [.ask("sabotage")] }
    switch fault.outcome {
    case .open: return suspect(&state)
    case .proved where fault.isPresent:
      state.say("it is found already: R mends the run")
      return []
    case .proved, .told: return [.ask("sabotage")]
    }
  }

  // MARK: Saying where

  private struct Choice {
    let label: String
    let detail: String
    /// What is asked for behind it; nil when it is whole.
    var field: String?
  }

  /// A list of what can be said of the moment at hand.
  static func suspect(_ state: inout AppState) -> [Effect] {
    let choices = here(state) + layers(state) + data(state) + settings
    state.overlay = .menu(
      Menu("Where is it?", choices.map { ($0.label, $0.detail) }) { place, state in
        let choice = choices[place]
        guard let field = choice.field else { return [.ask("verdict \(choice.label)")] }
        let word = String(choice.label.prefix { $0 != " " })
        state.field = TextField(field) { text, _ in [.ask("verdict \(word) \(text)")] }
        return []
      })
    return []
  }

  /// The line just done, and the weight that is looked at.
  private static func here(_ state: AppState) -> [Choice] {
    guard let moment = state.lab.moment, let index = moment.instruction else { return [] }
    let instruction = moment.plan.instructions[index]
    let name = (instruction.scopes + [instruction.title]).joined(separator: " › ")
    var choices = [Choice(label: "instruction \(index + 1)", detail: name + ", the line just done")]
    if let layer = instruction.layer {
      choices.append(
        Choice(label: "layer \(layer)", detail: "one of its instructions computes wrongly"))
    }
    if moment.result < moment.results.count, let number = moment.explanation,
      [.parameter, .gradient].contains(moment.plan[moment.results[moment.result].value].role)
    {
      let place = number.name.filter { $0 != " " }
      choices.append(Choice(label: "weight \(place)", detail: "the chosen number"))
    }
    return choices
  }

  private static func layers(_ state: AppState) -> [Choice] {
    (state.lab.network?.layers ?? []).map {
      Choice(label: "dead \($0.name)", detail: "it gives nothing but 0")
    }
  }

  private static func data(_ state: AppState) -> [Choice] {
    let rows = Choice(
      label: "rows …", detail: "wrong answers, or held back and learned from", field: "rows")
    let inputs = state.lab.settings?.data.training.inputs.shape
    guard let inputs, inputs.rank == 2, inputs[1] <= 12 else {
      return [rows, Choice(label: "column …", detail: "another scale", field: "column")]
    }
    return [rows]
      + (0..<inputs[1]).map { Choice(label: "column \($0)", detail: "it has another scale") }
  }

  private static let settings = FaultVerdict.Setting.allCases.map { setting in
    let detail =
      switch setting {
      case .learningRate: "the rate does not suit"
      case .loss: "the loss does not fit the output"
      case .dropout: "it works where the network is judged"
      }
    return Choice(label: "setting \(setting.rawValue)", detail: detail)
  }

  // MARK: Answers

  /// Whether the panel says what a command about a fault was answered: it opens where one is at Step.
  static func shows(_ lines: [String], to command: String, _ state: inout AppState) -> Bool {
    guard let first = lines.first else { return false }
    switch command.split(separator: " ").first {
    case "sabotage" where first.hasPrefix("something is wrong"):
      state.say(
        first.prefix { $0 != ":" } + (state.screen == .step ? "" : "; 5 S shows more"), .bad)
    case "verdict" where first.hasPrefix("proved: "): state.say(first, .good)
    case "verdict" where first.hasPrefix("not proved: ") && state.step.view == .fault:
      state.say(String(first.prefix { $0 != ":" }) + ": the evidence says why", .warning)
    case "reveal" where lines.count > 2:
      // What was planted stands in the panel.
      state.say(lines.last ?? first, .good)
    default: return false
    }
    if state.screen == .step { _ = open(&state) }
    return true
  }
}

extension LabSnapshot {
  /// A mark for the top line while a planted fault acts, also when it is found and not mended yet.
  func faultMark(isShort: Bool) -> StyledText {
    guard let fault, fault.isPresent else { return StyledText() }
    return .bad("◆") + .text(isShort ? " " : " fault") + (isShort ? "" : .secondary(" · "))
  }
}
