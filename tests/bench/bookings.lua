-- Books with a new address and a new key each time: wrk … -s bookings.lua URL -- run origin
local n, wrong = 0, 0
local run, headers, first

function init(args)
  run = args[1]
  -- Each run from addresses of its own: one may book 20 times an hour.
  first = tonumber(run:sub(1, 6), 16)
  headers = wrk.headers
  headers["Content-Type"] = "application/x-www-form-urlencoded"
  headers["Origin"] = args[2]
end

function request()
  n = n + 1
  local at = first + n
  headers["X-Forwarded-For"] = string.format("10.%d.%d.%d", math.floor(at / 65536) % 256, math.floor(at / 256) % 256, at % 256)
  local key = run .. "x" .. n
  return wrk.format("POST", nil, headers, "service=landing-page&urgency=medium&details=For+the+spring+fair.&name=Grace+Holm&email="
    .. key .. "%40holm.example&idempotency_key=key-" .. key)
end

function response(status)
  if status ~= 303 then
    wrong = wrong + 1
    if wrong == 1 then io.write("wrong answers: 1\n") end
  end
end
