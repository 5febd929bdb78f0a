import Lessons
import Training

extension AppState {
  /// Every expression whose value the open page shows or judges by.
  var lessonExpressions: Set<String> {
    guard let page = learn.page else { return [] }
    var all = page.expressions
    for exercise in page.exercises { all.formUnion(ExerciseProgress.expressions(exercise)) }
    for asked in page.asks.compactMap(AskedPlace.init) {
      all.insert(asked.name)
      if let weight = asked.weight { all.insert(weight) }
    }
    return all
  }
}
