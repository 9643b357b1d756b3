"""The session on disk: a folder (or one zip of it) of CSV files and a ``session.json``.

::

    2026-11-20_0930_walk/
      session.json         see `recordings.metadata`
      pelvis.csv           time_s, acc_x_m_s2, …, gyr_z_rad_s[, mag_x_ut, mag_y_ut, mag_z_ut]
      thigh_left.csv  …    one file a sensor; a lost sample is a missing row
      events.csv           time_s, kind, label
"""
