import Datasets
import TerminalGraphics
import Training

/// Changes of what is done to the data set shown, by steps and by typing.
enum ShapeChange {
  /// Changes a line by a step.
  static func change(_ line: ShapeLine, by places: Int, _ state: inout AppState) -> [Effect] {
    switch line {
    case .parameter(let parameter):
      return set(parameter, step(parameter, by: places, state), &state)
    case .unseen:
      let share = state.workpiece.preparation.unseenShare + Double(places) * 0.05
      return setUnseen((share * 20).rounded() / 20, &state)
    case .standardize: return toggleStandardizing(&state)
    case .seed: return nextSeed(by: places, &state)
    case .feature(let feature, _):
      return state.reshapeData { specification in
        if let place = specification.options.features.firstIndex(of: feature) {
          specification.options.features.remove(at: place)
        } else {
          specification.options.features.append(feature)
          // In Playground's order, whatever came first.
          let order = DerivedFeature.playground
          specification.options.features.sort {
            (order.firstIndex(of: $0) ?? order.count) < (order.firstIndex(of: $1) ?? order.count)
          }
        }
      }
    case .labelNoise:
      let now = state.data.specification.options.labelNoise
      return setShare(line, now + Double(places) * 0.05, &state)
    case .outliers:
      let now = state.data.specification.options.outliers
      return setShare(line, now + Double(places) * 0.01, &state)
    case .keep(let name):
      let now = state.data.specification.options.balance[name] ?? 1
      return setShare(line, now + Double(places) * 0.1, &state)
    }
  }

  /// Gives a line the value to which its slider was dragged, as round as its steps are.
  static func drag(_ line: ShapeLine, to value: Double, _ state: inout AppState) -> [Effect] {
    switch line {
    case .parameter(let parameter):
      let span = parameter.range.upperBound - parameter.range.lowerBound
      let step = parameter.isWhole ? 1 : RoundLimits.below(span / 100)
      return set(parameter, (value / step).rounded() * step, &state)
    case .unseen: return setUnseen((value * 20).rounded() / 20, &state)
    case .labelNoise, .outliers, .keep:
      return setShare(line, (value * 100).rounded() / 100, &state)
    case .standardize, .seed, .feature: return []
    }
  }

  private static func step(
    _ parameter: GeneratorParameter, by places: Int, _ state: AppState
  ) -> Double {
    let now = state.data.specification.settings[parameter.name] ?? parameter.standard
    if parameter.isWhole, parameter.range.upperBound > 100, parameter.range.lowerBound > 0 {
      return places > 0 ? RoundLimits.above(now * 1.01) : RoundLimits.below(now / 1.01)
    }
    let span = parameter.range.upperBound - parameter.range.lowerBound
    let step = parameter.isWhole ? 1 : RoundLimits.below(span / 20)
    return ((now / step).rounded() + Double(places)) * step
  }

  private static func set(
    _ parameter: GeneratorParameter, _ wanted: Double, _ state: inout AppState
  ) -> [Effect] {
    let rounded = parameter.isWhole ? wanted.rounded() : (wanted * 1000).rounded() / 1000
    let value = min(parameter.range.upperBound, max(parameter.range.lowerBound, rounded))
    return state.reshapeData {
      $0.settings[parameter.name] = value == parameter.standard ? nil : value
    }
  }

  private static func setShare(
    _ line: ShapeLine, _ wanted: Double, _ state: inout AppState
  ) -> [Effect] {
    let share = min(1, max(0, (wanted * 1000).rounded() / 1000))
    return state.reshapeData { specification in
      switch line {
      case .labelNoise: specification.options.labelNoise = share
      case .outliers: specification.options.outliers = share
      case .keep(let name): specification.options.balance[name] = share == 1 ? nil : share
      default: break
      }
    }
  }

  private static func setUnseen(_ share: Double, _ state: inout AppState) -> [Effect] {
    guard state.data.preview?.dataset.validation == nil else {
      state.say("this data brings its own unseen part", .warning)
      return []
    }
    let wanted = min(0.9, max(0, share))
    guard wanted != state.workpiece.preparation.unseenShare else { return [] }
    state.workpiece.preparation.unseenShare = wanted
    if let preview = state.data.preview {
      state.data.preview = DataPreview(preview, state.workpiece.preparation)
    }
    return []
  }

  static func toggleStandardizing(_ state: inout AppState) -> [Effect] {
    state.workpiece.preparation.standardizes.toggle()
    state.say(
      state.workpiece.preparation.standardizes
        ? "each input is brought to mean 0 and σ 1 for the network"
        : "inputs are used as they are")
    return []
  }

  /// Another seed: other examples of what is computed, other chance in what is done to the data.
  static func nextSeed(by places: Int, _ state: inout AppState) -> [Effect] {
    if let reason = noSeed(state) {
      state.say(reason, .warning)
      return []
    }
    return state.reshapeData {
      let seed = $0.options.seed
      $0.options.seed = places > 0 ? seed &+ 1 : max(1, seed) - 1
    }
  }

  /// Why a seed would change nothing.
  static func noSeed(_ state: AppState) -> String? {
    let specification = state.data.specification
    let isChanged =
      !specification.options.areNeutral || specification.settings["noise"] != nil
      || specification.settings["examples"] != nil
    return state.isMadeData || isChanged
      ? nil : "this data was measured, not made: there is no seed to change"
  }

  // MARK: Typing

  /// Opens a field for the chosen line.
  @Sendable static func type(_ state: inout AppState) -> [Effect] {
    guard let line = ShapePanel.chosen(state) else { return [] }
    if line.isToggle { return change(line, by: 1, &state) }
    state.field = TextField(line.name, allows: TextField.digits) { text, state in
      take(line, text, &state)
    }
    return []
  }

  private static func take(
    _ line: ShapeLine, _ text: String, _ state: inout AppState
  ) -> [Effect] {
    guard !text.isEmpty else { return [] }
    func refuse(_ right: String) -> [Effect] {
      state.say("\(line.name): \(text) does not fit; right would be \(right)", .warning)
      return []
    }
    switch line {
    case .parameter(let parameter):
      let (low, high) = (
        Axis.label(parameter.range.lowerBound), Axis.label(parameter.range.upperBound)
      )
      guard let value = Double(text), parameter.range.contains(value) else {
        return refuse("\(parameter.isWhole ? "a whole number" : "a number") from \(low) to \(high)")
      }
      return set(parameter, value, &state)
    case .unseen:
      guard let percent = Double(text), (0...90).contains(percent) else {
        return refuse("percent, from 0 to 90")
      }
      return setUnseen(percent / 100, &state)
    case .labelNoise, .outliers, .keep:
      guard let percent = Double(text), (0...100).contains(percent) else {
        return refuse("percent, from 0 to 100")
      }
      return setShare(line, percent / 100, &state)
    case .seed:
      guard let seed = UInt64(text) else { return refuse("a whole number from 0") }
      return state.reshapeData { $0.options.seed = seed }
    case .standardize, .feature: return []
    }
  }
}
