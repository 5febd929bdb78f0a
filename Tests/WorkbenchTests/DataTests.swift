import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Testing
import Training
import Workbench

@Suite("The Data screen")
struct DataTests {
  @Test("It shows the data set in use")
  func inUse() throws {
    let pilot = try LabPilot("digits", screen: .data)
    #expect(pilot.text.contains("in use: digits"))
    #expect(pilot.text.contains("1,438 to learn from, 359 unseen (20 %, stratified)"))
    #expect(pilot.text.contains("inputs go from 0.0 to 16.0"))
  }

  @Test("It lists all data sets, and no name is cut")
  func wholeNames() throws {
    var pilot = try LabPilot("digits", screen: .data)
    pilot.press(.home)
    for name in pilot.state.library.names {
      for size in [Size(120, 36), Size(100, 30), Size(80, 24), Size(60, 16)] {
        pilot.state.size = size
        #expect(pilot.text.contains(" \(name) "), "\(name)")
      }
      pilot.press(.down)
    }
  }

  @Test("Using data that does not fit makes a network that does", arguments: ["spiral", "iris"])
  func using(name: String) throws {
    var pilot = try LabPilot("digits", screen: .data)
    find(name, &pilot)
    #expect(pilot.state.workpiece.dataset.name == "digits")
    pilot.press(.enter)
    #expect(pilot.state.workpiece.dataset.name == name)
    #expect(pilot.state.message?.toast.text.contains("does not fit") == true)
    pilot.press("4")
    #expect(pilot.state.lab.settings?.data.name == name)
    #expect(pilot.state.lab.failure == nil)
    pilot.press(".")
    #expect(pilot.state.lab.position == Position(step: 1))
  }

  @Test("Data of the same shape keeps the network")
  func keeping() throws {
    var pilot = try LabPilot("spiral", screen: .data)
    let model = pilot.state.workpiece.model
    find("moons", &pilot)
    pilot.press(.enter)
    #expect(pilot.state.workpiece.dataset.name == "moons")
    #expect(pilot.state.workpiece.model == model)
  }

  @Test("Sliders and seeds change the data in use")
  func shaping() throws {
    var pilot = try LabPilot("spiral", screen: .data)
    let before = pilot.state.workpiece.dataset
    pilot.press("r")
    let seeded = pilot.state.workpiece.dataset
    #expect(seeded.count == before.count && seeded != before)
    for _ in 0..<5 where pilot.state.focusedPanel != "shape" { pilot.press(.tab) }
    pilot.press(.right)
    #expect(pilot.state.workpiece.dataset.count == 500)
    pilot.press(.enter)
    pilot.press("30")
    pilot.press(.enter)
    #expect(pilot.state.workpiece.dataset.count == 30)
    pilot.press(.enter)
    pilot.press("3")
    pilot.press(.enter)
    #expect(pilot.state.workpiece.dataset.count == 30)
    #expect(pilot.state.message?.toast.text.contains("right would be") == true)
  }

  @Test("Data that was measured has no seed, and says so")
  func noSeed() throws {
    var pilot = try LabPilot("iris", screen: .data)
    pilot.press("r")
    #expect(pilot.state.message?.toast.text.contains("measured") == true)
  }

  @Test("A file that was read is listed and shown, and used when one wants")
  func opening() throws {
    var pilot = try LabPilot("digits", screen: .data)
    let file = try UserData.parse(
      Array("a,b,c\n1,2,x\n2,1,y\n3,5,x\n4,1,y\n5,5,x\n".utf8), type: "csv", file: "own.csv")
    pilot.run(pilot.state.receive(dataset: file))
    #expect(pilot.state.workpiece.dataset.name == "digits")
    #expect(pilot.text.contains("own.csv"))
    pilot.press(.enter)
    #expect(pilot.state.workpiece.dataset == file)
  }

  @Test("o asks for a path, e for a name that says the kind")
  func files() throws {
    var pilot = try LabPilot("xor", screen: .data)
    pilot.press("o")
    pilot.press("my.csv")
    #expect(pilot.text.contains("open the file: my.csv"))
    pilot.press(.enter)
    guard case .openData(path: "my.csv") = pilot.others.last else {
      Issue.record("no file was asked for")
      return
    }
    pilot.press("e")
    pilot.press(.enter)
    guard case .writeBytes(path: "xor-export.csv", let bytes) = pilot.others.last else {
      Issue.record("nothing was exported")
      return
    }
    #expect(bytes == pilot.state.workpiece.dataset.csv())
  }

  @Test("Every size and tier draws each data set; no two bindings share a key")
  func drawing() throws {
    for name in DatasetLibrary().names {
      var pilot = try LabPilot(name, screen: .data)
      let keys = pilot.state.bindings.flatMap(\.keys)
      #expect(Set(keys).count == keys.count)
      #expect(pilot.state.bindings.allSatisfy { !$0.help.isEmpty })
      for size in [(60, 16), (80, 24), (100, 30), (120, 36), (200, 60)] {
        pilot.state.size = Size(size.0, size.1)
        let areas = pilot.state.panels.map(\.area)
        #expect(areas.allSatisfy { $0.isEmpty || $0.intersection(pilot.state.body) == $0 })
        #expect(pilot.text.contains("Data sets"))
      }
    }
    for tier in Ability.tiers {
      let pilot = try LabPilot("iris", ability: tier, screen: .data)
      #expect(tier.glyphs != .ascii || pilot.text.allSatisfy(\.isASCII))
    }
  }

  private func find(_ name: String, _ pilot: inout LabPilot) {
    pilot.press("/")
    pilot.press(name)
    pilot.press(.enter)
  }
}
