"""The day: what a body does over hours, from how pelvis and thighs stand to gravity.

Independent of the gait calibration: all it needs of a sensor is which way is up along the body,
and walking teaches that. A recording becomes half-second epochs as it streams by (`epochs`); all
that is said of a day is a function of those (`analysis`), so that the cutting of the stream cannot
change it, and a day in progress can be looked at whenever one likes.
"""
