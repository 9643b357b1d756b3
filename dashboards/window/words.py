"""All words of the window, in one place, ready for translation."""

from __future__ import annotations

APP = "hipgait"
PLACES = ("Setup", "Live", "Replay", "Report", "Trends")
GO_TO = "Go to {place}"
DEMO_BADGE = "DEMO – simulated walker"
SIMULATED_BADGE = "SIMULATED – no person walked here"

ANGLE_TITLES = {
    "pelvis_tilt": "Pelvis tilt [°], forward +",
    "pelvis_obliquity": "Pelvis obliquity [°], right up +",
    "pelvis_rotation": "Pelvis rotation [°], right forward +",
    "hip_flexion": "Hip flexion [°]",
    "hip_adduction": "Hip adduction [°], inward +",
    "hip_rotation": "Hip rotation [°], inward +",
    "knee_flexion": "Knee flexion [°], past straight −",
}
SHORT_TITLES = {
    "pelvis_tilt": "Pelvis tilt",
    "pelvis_obliquity": "Pelvis obliquity",
    "pelvis_rotation": "Pelvis rotation",
    "hip_flexion": "Hip flexion",
    "hip_adduction": "Hip adduction",
    "hip_rotation": "Hip rotation",
    "knee_flexion": "Knee flexion",
}
KNEE_NEEDS_SHANKS = "Measured with shank sensors only"
STANCE_TITLE = "Foot on the ground"
CYCLE_TITLE = "{what}, mean stride ± SD"
CYCLE_LAST = "{what}, last {count} strides"
CYCLE_AXIS = "% of own stride"
SECONDS_BEFORE_NOW = "s before now"
SECONDS = "s"
LEFT, RIGHT = "Left", "Right"
LEGEND = "left: dashed, L · right: solid, R · grey bars: usual range of a peak of the stride"

SIDE_VIEW = "Seen from the right side"
BEHIND_VIEW = "Seen from behind"
SIDE_VIEW_SHORT, BEHIND_VIEW_SHORT = "right side", "behind"
FIGURE_UNKNOWN = (
    "Stand still for a moment, then walk straight ahead:\n"
    "angles appear after about 15 s of walking."
)
FIGURE_LOST = "No angles at this moment:\na sensor is missing."
FIGURE_KNEE_UNKNOWN = "Knees not measured: lower legs drawn straight."
FIGURE_NAME = "Stick figure"
VALUES_NAME = "Angles at the cursor"
VALUES_UNIT = "degrees"

OVERVIEW_NAME = "The whole walk"
OVERVIEW_HELP = "Click or drag to go to a time. Grey: turn. Hatched: gap. Red: left out."
OVERVIEW_ANGLE, OVERVIEW_RAW = "hip", "raw"
BANDS = {"bout": "walking", "turn": "turn", "gap": "gap", "excluded": "left out"}

RAW, RAW_SHORT = "Raw signals, or angles", "Raw"
RAW_NAME = "Raw signals of the sensors"
RAW_TITLES = {
    "acc": "{place}: acceleration [m/s²]",
    "gyr": "{place}: turning rate [rad/s]",
}
RAW_AXIS = "s (axes of the sensor: x solid, y dashed, z dotted)"
RAW_LEGEND = "axes of the sensor: x solid, y dashed, z dotted"
MARKERS_NAME = "Markers and what is left out"
MARKERS_HELP = "Click to go there. F2 names a marker, Delete takes away what you added."
MARKER_NAME_TITLE = "Name the marker"
EDIT_REMOVED = "Taken away. Ctrl+Z brings it back."

COMPARE = "Compare with another walk, or back"
COMPARE_CHOOSE = "Open a walk to compare with"
COMPARE_FAILED = "There is nothing to compare with. {why}"
COMPARE_BACK = "Back to the walk"
COMPARE_ANOTHER = "Another walk …"
COMPARE_HEADING = (
    "A: {first} ({n_first} steady strides), solid · B: {second} ({n_second} steady strides), "
    "dashed · shaded: ± SD"
)
COMPARE_PLOTS_NAME = "Mean strides of both walks"
COMPARE_TABLE_NAME = "Differences between the walks"
COMPARE_TITLE = "{side} · {what}, °"
COMPARE_AXIS = "% of the stride"
COMPARE_COLUMNS = ("Measure", "Leg", "A", "B", "B − A ± error")
COMPARE_SYMBOLS = {"marked": "●", "speed": "◌"}
COMPARE_KINDS = {
    "marked": "The walks differ by more than two wearings of the sensors do.",
    "speed": "Larger than the error, but the other walking speed explains it.",
    "within": "Within what two wearings of the sensors may differ by.",
    "unknown": "How much two wearings of the sensors differ is not known here.",
    "too_few_strides": "Too few steady strides to compare.",
}

FINDINGS = "Findings"
FINDINGS_NONE = "Nothing can be judged yet."
FINDING_HELP = "Press to see the strides it rests on, the clearest first."
STRIDE_OF_FINDING = "{title}: stride {number} of {count}, {side} leg"

OPEN_PROMPT = (
    "Open a recorded walk: drop a session folder, its .zip or CSV files here, "
    "or press Ctrl+O.\n\nNo recording yet? Press Ctrl+D to watch the demo."
)
OPENING = "Reading {name} … {done}"
ANALYSING = "Raw traces of {name}; angles and findings follow"
OPENING_NAME = "How far the walk is analysed"
OPENING_CANCEL = "Stop"
OPENING_CANCELLED = "Stopped. What is in sight stays; open the walk again to go on."
ANALYSIS_CANCELLED = "Stopped. The findings are still those before the last edit."
OPEN_TITLE = "Open a recorded walk"
OPEN_KINDS = "Walks (*.zip *.csv session.json *.mat *.xlsx);;All (*)"
OPEN_FAILED = "This walk cannot be shown."
ANGLES_UNKNOWN = "No angles: {why}"

PLAY, PAUSE = "▶ Play", "❚❚ Pause"
KEYS_TITLE = "Keys"
EXPORT_CSV_TITLE = "Save the visible angles"
EXPORT_PICTURE_TITLE = "Save a picture of this page"
SAVED = "Saved {name}"
EXCLUDE_ASK = "Left out {start} to {end}. Ctrl+Z brings it back."
EXCLUDE_BEGIN = "Leaving out from {start}. Go to the end and press X again; Esc forgets it."
EXCLUDE_FORGOTTEN = "Nothing was left out."
EXCLUDE_UNDONE = "The last edit was taken back."
NOTHING_TO_UNDO = "There is no edit to take back."
MARKED = "Marked at {time}."

QUESTIONS = "Your answers"
QUESTIONS_OPEN = "Answer the questions"
QUESTIONS_FIRST = (
    "First, for your safety. Please answer every question; sensors cannot answer them for you."
)
QUESTIONS_THEN = (
    "Thank you. Everything here is optional. Your answers stay on this computer, in a file that "
    "only you can read."
)
QUESTIONS_ADVICE = (
    "What a walk shows about movement patterns is not told until this is settled. It can wait. "
    "Your answers were kept; come back and change them when they are no longer true."
)
ANSWERS_KEPT = "Your answers were kept."
NOT_ANSWERED = "–"
YES, NO = "Yes", "No"
CANCEL, CLOSE, SAVE = "Cancel", "Close", "Save"

REPORT_NONE = (
    "There is no walk to report on yet.\n\nOpen a recorded walk (Ctrl+O), or walk with your "
    "sensors or in the demo (Ctrl+D)."
)
REPORT_READY = "The report is a page for you and your physiotherapist. It opens in the browser."
REPORT_OF = "Open: {name}"
REPORT_RECORDED = "Report on the open walk"
REPORT_LIVE = "Report on the live walk so far"
TRENDS_NONE = (
    "No walk is kept yet.\n\nTrends compare walks of the same person over days and weeks. "
    "Open a recorded walk (Ctrl+O), come back here and keep it (A)."
)
TRENDS_KEEP = "Keep the open walk"
TRENDS_NOTE = "Note and pain"
TRENDS_MEASURES = "Measures"
TRENDS_EXPORT = "Copy to give away"
TRENDS_FORGET = "Forget this walk"
TRENDS_FORGET_ALL = "Delete everything"
TRENDS_REBUILD = "Analyse all again"
TRENDS_SHORT = ("Keep", "Note", "Measures", "Copy")
TRENDS_SHORT_RIGHT = ("Analyse again", "Forget", "Delete all")
TRENDS_WALKS = "Walks"
TRENDS_WHOSE = "Whose walks"
TRENDS_KEY = (
    "left: ○ dashed · right: ● solid · shaded: usual range · between the dotted lines: no more "
    "than two wearings differ · ring: changed · ×: too few strides · below: pain of 10, ✎ a note"
)
TRENDS_WORKING = "Working …"
TRENDS_KEPT = "Kept {name} for {person}."
TRENDS_NOTED = "Noted."
TRENDS_COPIED = "Copied {walks} to {folder}. Read README.txt there before giving it away."
TRENDS_REBUILT = "Analysed again: {walks}. Kept as they were: {kept}."
TRENDS_FORGET_ASK = "Forget the walk of {day}, with its note? The recording stays."
TRENDS_FORGOTTEN = "Forgotten. The recording stays: {path}"
TRENDS_FORGET_ALL_ASK = (
    "This deletes, for everybody on this computer: the history, notes and all answers of the "
    "questionnaire. Recordings and reports stay.\n\nType “delete everything” to go on:"
)
TRENDS_ALL_WORDS = "delete everything"
TRENDS_ALL_GONE = "{files} deleted. Recordings and reports stay where they are."
TRENDS_NOTHING_GONE = "Nothing was deleted."
TRENDS_EXPORT_TITLE = "Folder for the copy"
TRENDS_BUSY = "Still working: wait until it is done."
KEEP_WHO, KEEP_WHEN, KEEP_PAIN, KEEP_NOTE = "Who walked", "When", "Pain, 0 to 10", "Note"
KEEP_NO_DATE = "This recording does not say when it was walked."
NOT_SAID = "not said"
BOTH_LEGS = "both legs"
SIDE_MARKS = {"left": "○ left", "right": "● right"}

LIVE_IDLE = (
    "No sensors are connected.\n\nGo to 1 Setup to find and place them (Ctrl+1), "
    "or press Ctrl+D to watch the demo."
)
LIVE_WAITING = "Stand still for a moment, then walk straight ahead: angles appear after about 15 s."
RECORD, STOP_RECORDING = "● Record", "■ Stop recording"
MARK = "⚑ Mark"
FREEZE, UNFREEZE = "❚❚ Freeze view", "▶ Back to now"
LOOK_BACK, LOOK_ON = "Look back 5 s", "Look on 5 s"
NEXT_CYCLE = "Another angle over the stride"
MARK_AS, MARKER_KIND = "Mark: {kind}", "Kind of marker"
SNAPSHOT = "Snapshot"
FROZEN = "Frozen view: everything goes on. ← → looks back up to 60 s."
MARKER_KINDS = ("marker", "stumble", "pain", "turn", "step over", "stairs", "tired", "orthosis",
                "other")  # fmt: skip
BIOFEEDBACK, BIOFEEDBACK_OFF = "♪ Biofeedback", "♪ Biofeedback off"
REMINDER, REMINDER_OFF = "Sitting reminder", "no reminder"
REMINDER_AFTER = "after {minutes} minutes of sitting"
BIOFEEDBACK_LEG, BIOFEEDBACK_GOAL, BIOFEEDBACK_PACE = "Leg", "Goal", "Pace"
BIOFEEDBACK_FADING, BIOFEEDBACK_VOLUME = "Fewer cues", "Volume"
BOTH_LEGS = "Both"
PACE = "{percent:.0f} % of your own"
FADING, FADING_NEVER = "over {minutes} min of practice", "never"
WEARER, WEARER_SHORT = "Wearer's screen", "Wearer"
WEARER_TITLE = "hipgait – wearer"
WEARER_CLOSE = "Close the wearer's screen"
FULL_SCREEN = "Full screen"
NOT_RECORDING = "not recording"
RECORDING = "REC {time} · {samples} samples · {folder}"
RECORDING_ENDED = "Recorded {samples} samples in {folder}."
STATUS = "{rate} samples/s · {lost} lost · {delay} ms behind"
STOP_TITLE = "A recording is running"
STOP_ASK = "Stop the recording, keep what was recorded, and go on?"
SENSORS = "Sensors"
SENSORS_HERE = "Sensors: {here} of {worn} here"
LIVE_REPORT = "Make the report"
DEMO_PANEL = "The simulated walker"
DEMO_LOSE = "Lose a sensor"
DEMO_FIND = "Bring it back"
DEMO_STUMBLE = "Stumble"
DEMO_REPORT = "A minute has been walked: press P for the report on it."
DEMO_ARRIVED = "The simulated walker has arrived. Ctrl+D begins anew."
DEMO_RESET = "As usual"
EARLIER = "View: {seconds:.0f} s ago"

SETUP_STEPS = ("Find", "Place", "Check", "Stand still", "Walk")
SETUP_HEADINGS = (
    "Switch your sensors on and bring them near",
    "Where does each sensor sit?",
    "Are the signals good?",
    "Your zero: five seconds of standing still",
    "Does it move like you?",
)
SETUP_BODIES = (
    "Sensors that can be used appear below as they are heard. Press Find to begin.",
    "",
    "Hold the sensors still for five seconds, worn or on a table.",
    "",
    "Walk straight ahead: after about 15 s the figure moves as you do. If left and right are "
    "mixed up, swap them. If the figure leans or twists, calibrate once more.",
)
SETUP_LISTENING = (
    "Bluetooth works. Sensors that can be used appear below as they are heard; go on when all "
    "that you wear are there."
)
SETUP_LANES = "Size of each sensor's acceleration"
SETUP_LANES_HEADING = (
    "The last five seconds: a line that stops is a sensor that fell silent, a wild one a loose "
    "strap."
)
SETUP_TAP = "Tap twice on the sensor of the {place}, and hold the others still. Or choose below."
SETUP_PLACED = "All sensors have their place. Click a place on the body to free it."
SETUP_NONE_FOUND = (
    "No sensor is heard. Switch your sensors on, charge them if their light stays dark, and "
    "bring them within two metres. A sensor that is connected to a phone or to another computer "
    "cannot be heard: disconnect it there."
)
SETUP_TOO_FEW_FOUND = (
    "Too few sensors are heard. Bring the missing ones near and switch them on; disconnect them "
    "from other phones and computers."
)
SETUP_SILENT = (
    "Nothing comes from: {places}. Check that it is switched on and charged, and bring the "
    "computer nearer. It goes on by itself."
)
SETUP_CONNECTING = "Connecting the sensors for the walk …"
SETUP_FIND = "Find sensors"
SETUP_PRESET = "How many sensors"
SETUP_BEGIN = "Start"
SETUP_STILL = "Standing still"
SETUP_SWAP = "Swap left and right"
SETUP_REDO = "Calibrate again"
SETUP_BACK, SETUP_NEXT, SETUP_READY = "Back", "Next", "Yes, ready"
SETUP_DEMO = "No sensors? Try the demo"
TAPPED = "That one is the {place}."
HEARD = "heard"
NOT_PLACED = "not placed"
WORN_AT = "Where is it worn:"
BODY_MAP = "Where the sensors are worn"
FREE = "free"
YOUR_LEFT, YOUR_RIGHT = "◀ your left", "your right ▶"

GUIDED, GUIDED_SHORT = "Guided test", "Tests"
GUIDED_SCREENING = "Screening: a walk and several tests"
GUIDED_PAIN = "Pain now (0–10)"
GUIDED_START = "Start"
GUIDED_CHOOSE = "Choose a test, say how much it hurts now, and press Start."
GUIDED_WAITING = "Waiting for the sensors …"
GUIDED_GO = "Begin"
GUIDED_ENOUGH = "Enough"
GUIDED_LEAVE_OUT = "Leave it out"
GUIDED_HURTS = "It hurts: stop"
GUIDED_STOP = "Stop"
GUIDED_STOPPED = "Stopped. What was done until now is kept."
GUIDED_PAINED = "Stopped because it hurts. Sit down and rest; what was done is kept."
GUIDED_COUNT = "{done} of {goal}"
GUIDED_PICTURE = "So it looks"
GUIDED_YOU = "You, now"
GUIDED_NO_PICTURE = "The picture of a test appears\nwhen it is explained."
