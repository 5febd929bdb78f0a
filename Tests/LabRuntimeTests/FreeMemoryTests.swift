import Testing

@testable import LabRuntime

@Suite("Memory that is given back")
struct FreeMemoryTests {
  @Test("is given back after work, also where nothing more happens; a lab at rest wakes for none")
  func deadlines() {
    var memory = FreeMemory()
    #expect(memory.deadline == nil)
    memory.noteWork()
    #expect(memory.deadline == 20)
    memory.giveBack(at: 5)
    #expect(memory.deadline == 20)
    memory.giveBack(at: 21)
    #expect(memory.deadline == nil)
    memory.noteWork()
    #expect(memory.deadline == 41)
  }
}
