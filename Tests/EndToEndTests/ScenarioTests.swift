import TestSupport
import Testing

@Suite("Scenarios by keys and mouse", .waitsForPrograms)
struct ScenarioTests {
  @Test("what one does is seen, and the terminal is left as it was", arguments: Scenario.all)
  func scenario(_ scenario: Scenario) throws { try ScenarioRun(scenario).play() }

  @Test("there are forty of them, on twelve kinds of terminals")
  func count() {
    #expect(Scenario.all.count >= 40)
    #expect(Set(Scenario.all.map(\.term)).count >= 12)
    #expect(Set(Scenario.all.map(\.name)).count == Scenario.all.count)
  }
}
