/// What each panel of each screen is called and what one looks at in it: a sentence or two in the
/// terms of the field, that hold whatever the numbers are.
package enum PanelGuide {
  package struct Entry: Sendable {
    package let title: String
    package let about: String
  }

  package static func entry(_ panel: String, of screen: ScreenName) -> Entry? {
    let text =
      switch screen {
      case .home: home[panel]
      case .learn: learn[panel]
      case .build: build[panel]
      case .train: train[panel]
      case .step: step[panel]
      case .data: data[panel]
      case .runs: runs[panel]
      }
    return text.map { Entry(title: $0.0, about: $0.1) }
  }

  private static let home: [String: (String, String)] = [
    "start": (
      "Start here",
      "In about a minute a small network learns to read digits, is stopped in the middle of a"
        + " training step, goes one instruction back and shows the sum behind one of its numbers."
    ),
    "own": (
      "On your own",
      "Ways into the lab without a lesson. Nothing has to be saved by hand: what you make is kept."
    ),
    "continue": (
      "Continue",
      "What you were at when you left: a lesson at its page, a run at its step, or the network on"
        + " the table. Enter goes on exactly there."
    ),
    "course": (
      "Course",
      "The lessons in their order. ● is done, ◆ is begun, ○ is to come; the line says how many of a"
        + " lesson's pages are done. Any lesson can be opened at any time."
    ),
    "runs": (
      "Recent runs",
      "A run is one training from its first step to where it was stopped. The bars are the loss over"
        + " time: falling means learning. val acc is the share of right answers on examples that the"
        + " network never learned from."
    ),
    "learned": (
      "What a run has learned",
      "What the network says after this training: over the plane of two inputs, class by class, or"
        + " beside what is true. Unseen examples are those it never learned from; only they show"
        + " whether it understood or memorized."
    ),
    "begin": (
      "Start something", "Each line is a key: press it, or choose the line and press Enter."
    ),
    "terminal": (
      "This terminal",
      "What this terminal can show and what this computer has. Where a line does not say ok, Enter"
        + " tells what would be better and how to get it."
    ),
  ]

  private static let learn: [String: (String, String)] = [
    "course": home["course"] ?? ("", ""),
    "lesson": (
      "The chosen lesson",
      "What the chosen lesson teaches, page by page, and the words it explains. ● marks pages whose"
        + " questions and exercises are done, ◇ those where one was skipped. Up and down choose a"
        + " page; Enter opens it."
    ),
    "text": (
      "The lesson's text",
      "The page of the lesson. Numbers that stand out in it are read from the real run underneath,"
        + " at the moment it stands at: train, and they change. The arrows to the sides go through the"
        + " words that have a meaning, and Enter tells it; r sets the run anew."
    ),
    "try": (
      "Try it",
      "A question is checked against the numbers of the run; a wrong answer is told what is wrong"
        + " with it, and after two 5 opens the number in the debugger. An exercise is done in the"
        + " lab itself, and the lab sees when it is. h helps, s skips."
    ),
    "see": (
      "See it",
      "Numbers of the run that the text speaks of, live. The stronger a cell of a picture, the"
        + " larger its number."
    ),
    "words": (
      "Words",
      "The words of this page, each with its meaning; Enter tells where they are explained, W lists"
        + " all words."
    ),
  ]

  private static let build: [String: (String, String)] = [
    "layers": (
      "Layers",
      "The network from its input at the top to its output at the bottom. Below each layer stands"
        + " the shape of what it gives; n is the number of examples in a batch. The weights are the"
        + " numbers that training changes."
    ),
    "inspector": (
      "The chosen layer",
      "The settings of the chosen layer, named as in Keras. ← → change the chosen one by a step,"
        + " Enter types a value. The curve is the activation, with its slope: where the slope is"
        + " near 0, hardly any gradient comes back through."
    ),
    "network": (
      "Network",
      "The layers as columns of units, the input at the left. A line is a weight from one unit to"
        + " another."
    ),
    "checks": (
      "Checks",
      "What holds for this network on this data, what may make learning harder, and what a training"
        + " step costs in multiplications and memory."
    ),
    "code": (
      "Keras code",
      "The same network as a Keras program: change one and the other follows. The file runs in real"
        + " Keras too."
    ),
    "why": (
      "Why it does not fit",
      "A layer gets a shape that it cannot take. Here stand the shapes, the formula they come from,"
        + " and the layer where it goes wrong."
    ),
    "ways": (
      "Ways out",
      "Changes that make the network fit, each with the weights it would have then. Enter makes the"
        + " chosen one; u takes it back."
    ),
  ]

  private static let train: [String: (String, String)] = [
    CloseUpPanel.id: (
      "A view of a layer",
      "One layer closely, on one example: the kernel that slides over it and its sum term by term,"
        + " who looks where in attention, gates over time, the words of an embedding, or what comes"
        + " out beside what went in; or the example on its way through all layers, one at a time."
        + " The same numbers as everywhere: nothing is rounded but for show."
    ),
    "loss": (
      "Loss",
      "The loss says how wrong the network is: lower is better. loss is measured on the batches it"
        + " learns from, val_loss on examples it never learns from. When val_loss rises while loss"
        + " falls, the network overfits: it learns its examples by heart."
    ),
    "accuracy": (
      "Accuracy",
      "The share of right answers. Unlike the loss it does not tell a near miss from a gross error,"
        + " so it moves in jumps; the network is trained on the loss."
    ),
    "rates": (
      "Rates",
      "How fast learning moves: the learning rate, the size of the gradient, and how much an update"
        + " changes the weights. An update of about a thousandth of the weights is usual; far more"
        + " shakes, far less crawls."
    ),
    "happened": (
      "What happened",
      "The moments of this run that stand out: where it began, where the loss on unseen examples was"
        + " lowest, what was changed and what went wrong. Enter goes to the step of the chosen line."
    ),
    "learned": (
      "What it has learned",
      "The network's answer at every place of the plane of its two inputs. Where two areas meet is"
        + " the decision boundary; near it the network is unsure, and they fade."
    ),
    "fit": (
      "Said and true",
      "What the network predicts for unseen examples beside what is true. Perfect predictions lie on"
        + " the line where both are equal."
    ),
    "confusion": (
      "Confusion",
      "A row for each true class, a column for each answer, counted on unseen examples. Right answers"
        + " stand on the diagonal; everything beside it is a mistake, named by row and column."
    ),
    "classes": (
      "Right, by class",
      "The share of right answers for each class. A network can be right on average and still fail"
        + " one class."
    ),
    "worst": (
      "Unseen, worst first",
      "The unseen examples with the largest loss: those it is most wrong about. They often show what"
        + " it has not understood, or a wrong label. s walks the chosen one through the layers, to see"
        + " where it goes wrong."
    ),
    "layers": (
      "Layers",
      "What each unit of each layer gives on a few fixed examples, the probe set, or its weights or"
        + " gradients. Each layer has a scale of its own, up to its largest number."
        + " x marks a dead unit: 0 for all examples, so it learns nothing. z"
        + " shows each unit in a column of its own."
    ),
    "settings": (
      "Settings",
      "How the network is trained: its hyperparameters. A change acts at the next step of the run at"
        + " hand, also while it trains; where it takes a new run, the panel says so."
    ),
    LoopPanel.id: (
      "The program",
      "A program with a loop of its own runs: how many batches its networks have learned from, and"
        + " what it prints. When it has ended, each of them is a pass that one can step through."
    ),
    "run": (
      "Run",
      "Where the run stands: its step, its epoch (once through all examples), its pace, and where the"
        + " time of a step goes."
    ),
  ]

  private static let step: [String: (String, String)] = [
    CloseUpPanel.id: (
      "A view of a layer",
      "One layer closely, on one example: the kernel that slides over it and its sum term by term,"
        + " who looks where in attention, gates over time, the words of an embedding, or what comes"
        + " out beside what went in. The same numbers as everywhere: nothing is rounded but for show."
    ),
    "result": (
      "The instruction",
      "What the line of the plan computes from what: the operands go in, the result comes out. Each"
        + " number can be chosen with the arrows, and the panel of the number shows its own sum."
    ),
    "plan": (
      "Plan",
      "One training step as a program: forward computes the answer, loss how wrong it is, backward"
        + " the gradient of every weight, update changes the weights. ● is done, ▶ is where one"
        + " stands, ○ is to come."
    ),
    "overview": (
      "Overview",
      "The whole array at once, one cell for one or several numbers. The frame is the window that the"
        + " panel beside it shows with digits."
    ),
    "cell": (
      "One number",
      "The chosen number and how it came about: the formula, the same with the numbers in it, and"
        + " the parts of its sum. For a gradient it also says what it means for the loss."
    ),
    "past": (
      "This weight",
      "The chosen weight over the latest steps: its gradient and what the optimizer remembers of it"
        + " above, the weight itself below. So one sees which way it is being pushed, and how far."
    ),
    "graph": (
      "Graph",
      "How one example goes through the network, its arrays from left to right: the values above, the"
        + " gradients that come back below. The arrows choose a number; below stands what it is made"
        + " of."
    ),
    "watches": (
      "Watches",
      "Numbers that are watched, each on a line: its value now, the one before, and its past. They"
        + " are kept up to date wherever one goes in the run."
    ),
    StopPanel.id: (
      "Stopped",
      "Which breakpoint stopped the run, and what it saw: the numbers it compared, or the sickness"
        + " with its evidence. The run stands at the moment it speaks of."
    ),
    BreakpointPanel.id: (
      "Breakpoints",
      "Where the run is to stop: at a place of each step, where a condition holds, when a value"
        + " changes, or when the network falls sick. Hits count how often each stopped it."
    ),
    WhatIfPanel.id: (
      "What if",
      "Every way this run went: where something was set by hand, a branch grew, and the one without"
        + " it stays. A curve is the loss of each batch of one branch, from where it parts on; its"
        + " number stands at its end."
    ),
    FaultPanel.id: (
      "Sabotage",
      "A fault that was planted in the run: what you suspected so far, and what the numbers of the"
        + " run say to it. It is proved by its own evidence: nobody looks up what was planted."
    ),
    ComparePanel.id: (
      "Compare",
      "The chosen branch beside the one at hand: what was set, how far each was trained, and what"
        + " each came to. Up to where they part they are the same, to the last bit."
    ),
    "example": (
      "Example",
      "One example of the batch: a lens on the same step. [ and ] look at another; the step itself"
        + " does not move."
    ),
    "words": (
      "In words",
      "What the instruction does and why, in words that are chosen by the numbers of this moment."
    ),
    "timeline": (
      "Timeline",
      "The instructions of this step in their order, phase by phase, and where in the whole run"
        + " this step lies. Going back gives every number back as it was, to the last bit."
    ),
  ]

  private static let data: [String: (String, String)] = [
    "list": (
      "Data sets",
      "What there is to learn from: the number of examples, of inputs each, and of classes to tell"
        + " apart, or a number to predict."
    ),
    "picture": (
      "Data", "The examples of the chosen data set, in one of several views; v changes it."
    ),
    "shape": (
      "Shape it",
      "What is done to the data before the network sees it. Standardizing brings each input to mean"
        + " 0 and standard deviation 1, measured on the part that is learned from."
    ),
    "inputs": (
      "Inputs",
      "Which two inputs the plot shows, across and up. The network gets all of them."
    ),
    "examples": (
      "Examples",
      "Examples as they are: their inputs and the target, the answer that is to be learned."
    ),
    "canvas": (
      "Canvas",
      "A picture or points of your own: draw with the mouse, or with the arrows and Space."
    ),
    "said": (
      "What the network says",
      "The answer of the run to your drawing, with the probability it gives to each class. It always"
        + " answers, also to what is none of its classes."
    ),
    "reasons": (
      "Reasons",
      "How much each pixel speaks for the answer: the pixel times its gradient. What is"
        + " positive speaks for it, what is negative against it."
    ),
    "nearest": (
      "Nearest example",
      "The learned example whose numbers are nearest to those of your drawing."
    ),
    "layers": ("Layers", "What each layer makes of your drawing, unit by unit."),
  ]

  private static let runs: [String: (String, String)] = [
    "list": (
      "Runs",
      "Every training that was kept, with its loss over time and how it ended. val_loss and val acc"
        + " are of examples that the network never learned from. ■ is compared with the"
        + " others that are marked; ◆ is the baseline."
    ),
    "chart": (
      "Curves",
      "The losses of the compared runs over each other: val_loss where examples were held out, else"
        + " the loss of the batches. Runs on other data or with another loss cannot be compared by"
        + " their height. On a logarithmic axis equal distances are equal ratios."
    ),
    "differs": (
      "What differs",
      "The settings in which the compared runs differ, and what came out of it. When runs differ in"
        + " one setting alone, it is that setting that made the difference; but another seed makes"
        + " one too: train again with some seeds before you believe it."
    ),
    "learned": (
      "What each one has learned",
      "A small picture of what each compared run says at its end: over the plane of two inputs, or"
        + " of the examples it never learned from, by their true classes. The last line says how"
        + " often two of them say different things."
    ),
  ]
}
