import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Testing
import Training
import Workbench

@Suite("Views and options of the Data screen")
struct DataViewTests {
  static let sizes = [(60, 16), (70, 20), (80, 24), (100, 30), (120, 36), (200, 60)]

  @Test(
    "v goes through five views of every data set, at every size", arguments: DatasetLibrary().names)
  func views(name: String) throws {
    var pilot = try LabPilot(name, screen: .data)
    var shown: Set<String> = []
    for _ in 0..<5 {
      for (width, height) in Self.sizes {
        pilot.state.size = Size(width, height)
        let picture = picture(pilot)
        #expect(!picture.isEmpty)
        shown.insert(picture)
      }
      pilot.press("v")
      #expect(pilot.state.focusedPanel == "picture")
      for key: Key in [.down, .right, .pageDown, .end, .up, .left, .home] { pilot.press(key) }
    }
    pilot.state.size = Size(120, 36)
    #expect(shown.count == 5 * Self.sizes.count)
    pilot.press("V")
    #expect(pilot.text.contains("license: "))
  }

  @Test("Every tier draws every view and the drawing", arguments: Ability.tiers)
  func tiers(tier: Ability) throws {
    for name in ["iris", "digits", "diabetes", "spiral", "sine"] {
      var pilot = try LabPilot(name, ability: tier, screen: .data)
      for _ in 0..<5 {
        pilot.press("v")
        #expect(tier.glyphs != .ascii || pilot.text.allSatisfy(\.isASCII))
      }
      pilot.press("d")
      #expect(tier.glyphs != .ascii || pilot.text.allSatisfy(\.isASCII))
    }
  }

  @Test("Class bars say the counts of the data")
  func classes() throws {
    var pilot = try LabPilot("breast_cancer", screen: .data)
    for _ in 0..<3 { pilot.press("v") }
    let dataset = pilot.state.workpiece.dataset
    for count in dataset.classCounts { #expect(pilot.text.contains(" \(count) ")) }
    #expect(pilot.text.contains("is right 62.7 %"))
  }

  @Test("A correlation is that of the whole data")
  func pairs() throws {
    var pilot = try LabPilot("iris", size: Size(200, 60), screen: .data)
    pilot.press("vv")
    let matrix = pilot.state.workpiece.dataset.correlations()
    #expect(pilot.text.contains(NumberFormat.fixed(try #require(matrix[0, 2]), decimals: 2)))
    // Two marked inputs are the pairs.
    pilot.press("V")
    pilot.press(.home)
    pilot.press(" ")
    pilot.press(.end)
    pilot.press(" ")
    pilot.press("v")
    #expect(pilot.text.contains("the marked inputs"))
    #expect(pilot.text.contains(NumberFormat.fixed(try #require(matrix[0, 3]), decimals: 2)))
  }

  @Test("Warnings come with what to do; standardizing settles those about scales")
  func advice() throws {
    var pilot = try LabPilot("wine", size: Size(200, 60), screen: .data)
    pilot.press("V")
    #expect(pilot.text.contains("n standardizes"))
    pilot.press("n")
    #expect(pilot.text.contains("standardized: it does no harm"))
    pilot.press("u")
    #expect(!pilot.state.workpiece.preparation.standardizes)
  }

  @Test("Data with NaN and a constant is drawn, counted and explained")
  func odd() throws {
    var scalars = (0..<60).map { Float($0 % 7) }
    for row in 0..<30 { scalars[2 * row + 1] = 3 }
    scalars[4] = .nan
    scalars[8] = .infinity
    let dataset = Dataset(
      name: "odd", origin: "A test.", license: "none", features: ["a", "b"],
      task: .classification(classes: ["no", "yes"]),
      training: Dataset.Part(
        inputs: Tensor(shape: [30, 2], scalars: scalars),
        targets: Tensor(shape: [30], scalars: (0..<30).map { Float($0 % 2) })))
    var pilot = try LabPilot("xor", screen: .data)
    pilot.run(pilot.state.receive(dataset: dataset))
    for _ in 0..<5 {
      for (width, height) in Self.sizes {
        pilot.state.size = Size(width, height)
        #expect(!pilot.text.isEmpty)
      }
      pilot.press("v")
    }
    pilot.state.size = Size(120, 36)
    pilot.press("V")
    #expect(pilot.text.contains("2 missing values in a"))
    #expect(pilot.text.contains("b never changes"))
  }

  @Test("A further input is in the data, its text, and the network, at once; u takes it back")
  func features() throws {
    var pilot = try LabPilot("spiral", screen: .data)
    focusShape(&pilot)
    select("input x₁²", &pilot)
    pilot.press(" ")
    #expect(pilot.state.workpiece.dataset.name == "spiral:features=x1^2")
    #expect(pilot.state.workpiece.dataset.features == ["x₁", "x₂", "x₁²"])
    #expect(pilot.state.workpiece.model.inputShape == [3])
    #expect(pilot.text.contains("as text: spiral:features=x1^2"))
    let again = try DatasetLibrary().open("spiral:features=x1^2")
    #expect(again == pilot.state.workpiece.dataset)
    pilot.press("4.")
    #expect(pilot.state.lab.settings?.data.name == "spiral:features=x1^2")
    #expect(pilot.state.lab.position == Position(step: 1))
    pilot.press("6u")
    #expect(pilot.state.workpiece.dataset == (try DatasetLibrary().load("spiral")))
    #expect(pilot.state.workpiece.model.inputShape == [2])
    pilot.press("U")
    #expect(pilot.state.workpiece.dataset == again)
  }

  @Test("Each line of Shape it changes the data or its split, and is taken back")
  func lines() throws {
    for name in ["spiral", "iris", "diabetes", "gauss"] {
      var pilot = try LabPilot(name, screen: .data)
      focusShape(&pilot)
      let before = pilot.state.workpiece
      var changes = 0
      for _ in 0..<18 {
        pilot.press(.left)
        let isChanged =
          pilot.state.workpiece.dataset != before.dataset
          || pilot.state.workpiece.preparation != before.preparation
        if isChanged {
          changes += 1
          let text = pilot.state.workpiece.dataset.name
          #expect(try DatasetLibrary().open(text) == pilot.state.workpiece.dataset, "\(text)")
          pilot.press("u")
        }
        #expect(pilot.state.workpiece.dataset == before.dataset)
        #expect(pilot.state.workpiece.preparation == before.preparation)
        pilot.press(.down)
      }
      #expect(changes >= 3, "\(name)")
    }
  }

  @Test("What cannot be done is refused, and nothing changes")
  func refused() throws {
    var pilot = try LabPilot("xor", screen: .data)
    focusShape(&pilot)
    pilot.press(.enter)
    pilot.press("4")
    pilot.press(.enter)
    for name in ["keep 0", "keep 1"] {
      select(name, &pilot)
      pilot.press(.enter)
      pilot.press("0")
      pilot.press(.enter)
    }
    #expect(pilot.state.message?.toast.text.contains("examples left") == true)
    #expect(pilot.state.workpiece.dataset.count >= 2)
    pilot.press("0")
    #expect(pilot.state.workpiece.dataset == (try DatasetLibrary().load("xor")))
  }

  @Test("The list is searched by name, and by words where no name has them")
  func finding() throws {
    var pilot = try LabPilot("spiral", screen: .data)
    pilot.press("/")
    pilot.press("blood")
    #expect(!pilot.text.contains(" moons "))
    #expect(pilot.text.contains(" diabetes "))
    pilot.press(.enter)
    #expect(!pilot.text.contains(" moons "))
    pilot.press(.escape)
    #expect(pilot.text.contains(" moons "))
  }

  @Test("A file's options go with it: what was read is listed, what is asked is done to it")
  func fileOptions() throws {
    var pilot = try LabPilot("spiral", screen: .data)
    let file = try UserData.parse(
      Array("a,b,c\n1,2,x\n2,1,y\n3,5,x\n4,1,y\n5,5,x\n".utf8), type: "csv", file: "own.csv")
    pilot.run(
      pilot.state.receive(
        dataset: file, options: try DataSpecification(parsing: "own.csv:examples=4")))
    pilot.press(.enter)
    #expect(pilot.state.workpiece.dataset.count == 4)
    #expect(pilot.state.workpiece.dataset.name == "own.csv:examples=4")
  }

  private func picture(_ pilot: LabPilot) -> String {
    guard let area = pilot.state.panels.first(where: { $0.id == "picture" })?.area else {
      return ""
    }
    return pilot.state.frame().text[area.y..<area.bottom].map { line in
      String(line.dropFirst(area.x).prefix(area.width))
    }.joined(separator: "\n")
  }

  private func focusShape(_ pilot: inout LabPilot) {
    for _ in 0..<5 where pilot.state.focusedPanel != "shape" { pilot.press(.tab) }
  }

  /// Moves to the line of a name: its row is the one that takes typing.
  private func select(_ name: String, _ pilot: inout LabPilot) {
    pilot.press(.home)
    for _ in 0..<30 {
      pilot.press(.enter)
      let label = pilot.state.field?.label
      if label == nil { pilot.press("u") } else { pilot.press(.escape) }
      if label == name { return }
      if label == nil, pilot.text.contains(name), isChosen(name, pilot) { return }
      pilot.press(.down)
    }
  }

  private func isChosen(_ name: String, _ pilot: LabPilot) -> Bool {
    let grid = pilot.state.frame()
    guard let area = pilot.state.panels.first(where: { $0.id == "shape" })?.area else {
      return false
    }
    return (area.y..<area.bottom).contains { y in
      let row = (area.x..<area.right).map { grid.cells[y * grid.size.width + $0] }
      let bright = row.filter { $0.foreground == .accent }.map { Character($0.scalar) }
      return String(bright).contains(name.filter { $0 != " " })
        || String(bright).contains(name)
    }
  }
}
