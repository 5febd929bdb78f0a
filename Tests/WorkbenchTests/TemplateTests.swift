import Datasets
import KerasCode
import NeuralNets
import TerminalGraphics
import Testing
import Training

@testable import Workbench

@Suite("Templates on Build")
struct TemplateTests {
  private static let library = DatasetLibrary()

  @Test(
    "with its own data a template learns, and steps back bit by bit, or says why it runs elsewhere",
    arguments: Template.catalog.map(\.program.name))
  func own(_ name: String) throws {
    let template = try #require(Template.catalog.first { $0.program.name == name })
    var state = try BuildRig.state("spiral")
    switch try template.own(Self.library) {
    case .runs(let reason):
      #expect(!reason.isEmpty)
      #expect(
        template.program.text.contains("train_on_batch")
          || template.program.text.contains("model.fit(["), "\(name): \(reason)")
    case .opens(let opened, let dataset):
      _ = state.receive(.model(opened))
      state.workpiece.dataset = dataset
      let session = try Session(try state.workpiece.settings())
      session.trainStep()
      session.move(7, by: .instruction)
      let before = session.digest
      session.move(30, by: .instruction)
      #expect(session.digest != before)
      session.move(-30, by: .instruction)
      #expect(session.digest == before)
      #expect(session.network.parameterCount > 0)
    }
  }

  @Test("T lists every template once; Tab takes one with its data and u brings back what was")
  func takes() throws {
    var state = try BuildRig.state("spiral")
    let before = state.workpiece.model
    _ = BuildRig.type("T", &state)
    guard case .templates(let shown) = state.overlay else {
      Issue.record("no templates")
      return
    }
    #expect(Set(shown.all.map(\.template.program.name)).count == Template.catalog.count)
    let place = try #require(shown.all.firstIndex { $0.template.program.name == "u-net" })
    _ = BuildRig.press([Key](repeating: .down, count: place), &state)
    #expect(state.frame().text.joined().contains("it reads pictures"))
    _ = BuildRig.press([.tab], &state)
    #expect(state.overlay == nil)
    #expect(state.workpiece.dataset.name == "phantom-scans")
    #expect(state.workpiece.model.layers.contains { $0.kind == "Conv2DTranspose" })
    #expect(BuildChecks.whyNoRun(state) == nil)
    _ = BuildRig.type("u", &state)
    #expect(state.workpiece.model == before)
  }

  @Test("every template with its own data is drawn on every screen before it trains")
  func drawn() throws {
    for (place, name) in Template.catalog.map(\.program.name).enumerated() where name != "gan" {
      var state = try BuildRig.state()
      _ = BuildRig.type("T", &state)
      guard case .templates(let shown) = state.overlay else {
        Issue.record("no templates")
        return
      }
      let row = try #require(shown.all.firstIndex { $0.template.program.name == name })
      _ = BuildRig.press([Key](repeating: .down, count: row), &state)
      _ = BuildRig.press([.tab], &state)
      #expect(state.overlay == nil, "\(name)")
      #expect(BuildChecks.whyNoRun(state) == nil, "\(place) \(name)")
      for screen in ScreenName.allCases {
        state.screen = screen
        #expect(!state.frame().text.isEmpty)
      }
    }
  }

  @Test("a template that trains in a loop says so; > writes it with its data, Tab plays it too")
  func writes() throws {
    var state = try BuildRig.state()
    _ = BuildRig.type("T", &state)
    guard case .templates(let shown) = state.overlay else {
      Issue.record("no templates")
      return
    }
    let place = try #require(shown.all.firstIndex { $0.template.program.name == "gan" })
    _ = BuildRig.press([Key](repeating: .down, count: place), &state)
    #expect(state.frame().text.joined().contains("a loop"))
    let written = BuildRig.type(">", &state).compactMap { effect -> String? in
      switch effect {
      case .writeBytes("gan.py", let bytes):
        String(decoding: bytes, as: UTF8.self).contains("train_on_batch") ? "gan.py" : nil
      case .writeBytes(let path, let bytes): bytes.isEmpty ? nil : path
      default: nil
      }
    }
    #expect(Set(written) == ["gan.py", "moons.npz"])
    let opened = BuildRig.press([.tab], &state).contains {
      if case .openModel("gan.py") = $0 { true } else { false }
    }
    #expect(opened)
  }

  @Test("classes are not offered numbers, nor tokens pictures, nor pictures tokens")
  func fits() throws {
    func names(_ data: String) throws -> [String] {
      Template.all(for: try Self.library.load(data)).filter { $0.model != nil }
        .map(\.template.program.name)
    }
    #expect(
      try names("digits") == ["softmax-regression", "perceptron", "convolutional", "residual"])
    #expect(try names("diabetes") == ["perceptron-for-numbers"])
    #expect(try names("sunspots").contains("lstm"))
    #expect(try names("sensors").contains("gru"))
    #expect(try names("splice").contains("words"))
    #expect(try names("phantom-scans").contains("u-net"))
    #expect(try names("stories").contains("character-transformer"))
  }

  @Test("letters narrow the list of templates, and no letter does anything else")
  func narrows() throws {
    var state = try BuildRig.state()
    let before = state.workpiece.model
    _ = BuildRig.type("Tauto", &state)
    guard case .templates(let typed) = state.overlay else {
      Issue.record("no templates")
      return
    }
    #expect(!typed.visible.isEmpty && typed.visible.count < typed.all.count)
    #expect(typed.visible.allSatisfy { $0.template.program.name.contains("auto") })
    let name = try #require(typed.chosen?.template.program.name)
    #expect(state.frame().text.joined().contains("/auto"))
    _ = BuildRig.press([.tab], &state)
    #expect(state.overlay == nil)
    #expect(state.message?.toast.text.contains(name) == true)
    _ = BuildRig.type("u", &state)
    // What one types first may be any letter.
    for letters in ["dense", "words", "/dw", "next"] {
      _ = BuildRig.press([.escape], &state)
      let effects = BuildRig.type("T" + letters, &state)
      #expect(state.overlay != nil && state.workpiece.model == before, "\(letters)")
      let writes = effects.contains {
        switch $0 {
        case .write, .writeBytes: true
        default: false
        }
      }
      #expect(!writes, "\(letters)")
    }
    _ = BuildRig.press([.escape], &state)
    _ = BuildRig.type("T/dw", &state)
    #expect(state.frame().text.joined().contains("nothing has it"))
    _ = BuildRig.press([.enter], &state)
    #expect(state.overlay != nil)
  }
}
