import Datasets
import Lessons
import TerminalGraphics
import Training

/// What the lab is asked to do outside its state: a value, so that tests can compare it.
package enum Effect: Sendable {
  case lab(LabRequest)
  /// A debugger command for the run, as typed: `print norm(dense/kernel.grad)`. The reply comes as news.
  case ask(String)
  case quit
  case suspend
  case redraw
  case copy(String)
  /// Looks otherwise from now on, and keeps what is to hold at the next start too.
  case look(LookChoice, kept: LookChoice)
  /// Goes on in plain words, or on the screen again.
  case plain(Bool)
  /// Writes a picture; news says whether it went well.
  case picture(PictureRequest)
  /// Writes a text file; news says whether it went well.
  /// - replaces: whether another file of that name may go for it.
  case write(path: String, text: String, replaces: Bool = false)
  /// Writes a file of any kind; news says whether it went well.
  case writeBytes(path: String, bytes: [UInt8])
  /// Writes the weights of the run as safetensors.
  case saveWeights(path: String, replaces: Bool = false)
  /// Reads a model file (Keras code); news brings what it says.
  case openModel(path: String)
  /// Reads a program that was pasted, with the data that it gives to fit; news brings what it says.
  case readProgram(String)
  /// Ends a program with a loop of its own; news brings what it trained until then.
  case stopLoop
  /// Reads a CSV or npz file as data; options may follow its name after a colon.
  case openData(path: String)
  /// Finds the files whose paths begin with a text; news brings them.
  case listFiles(String)
  /// Keeps a data set among the user's own, under this name.
  case keepData(Dataset, name: String)
  /// Reads anew what Home lists; news brings it.
  case refreshHome
  /// Reads or changes kept runs.
  case runs(RunsRequest)
  /// Opens a kept run where it stopped.
  case openRun(number: Int)
  /// Remembers the run at hand, with the moment it stands at, until it is taken back; and whether it
  /// is that of the network one works on.
  case leaveRun(isOfWorkpiece: Bool)
  /// Takes up the run that was left, and the network one works on.
  case takeRunBack(Workpiece)
  /// Keeps a value for the next start.
  case remember(key: String, value: String)
  /// Makes the run and the moment that a lesson's page asks for.
  case setUpLesson(Lesson, page: Int)
  /// The same anew, whatever was done with the run.
  case resetLesson(Lesson, page: Int)
  /// Works out what the predictions of a lesson's page come to, in labs of their own.
  case predict(Lesson, page: Int)
  /// Asks which usual mistake gives a wrong answer.
  case diagnose(WrongAnswer)
  /// Keeps how far a lesson of so many pages has come, beside what is kept of it.
  case keepProgress(LessonProgress, donePages: Set<Int>, pages: Int)
  /// Forgets how far a lesson has come, or only what was done of some of its tasks.
  case forgetProgress(lesson: String, tasks: Set<String>?)
  /// Keeps what was done for a question or exercise of a lesson.
  case keepWork(lesson: String, task: String, page: Int, LessonDeed)

  /// Whether it waits for a program that runs where the lab trains.
  var awaitsLoop: Bool {
    if case .ask = self { true } else { isRequest }
  }

  /// Whether it asks something of the run that can fail.
  var isRequest: Bool {
    guard case .lab(let request) = self else { return false }
    if case .look = request { return false }
    return true
  }
}

/// What a student did for a question or exercise.
package enum LessonDeed: Hashable, Sendable {
  case tried(answer: String, isRight: Bool)
  case hinted
  /// An exercise is done, at this moment of the run.
  case finished(at: Position)
}
