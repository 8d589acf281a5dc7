-- Books with a new address and a new key each time: wrk … -s bookings.lua URL -- run origin
local n, wrong = 0, 0
local run, headers

function init(args)
  run = args[1]
  headers = wrk.headers
  headers["Content-Type"] = "application/x-www-form-urlencoded"
  headers["Origin"] = args[2]
end

function request()
  n = n + 1
  headers["X-Forwarded-For"] = string.format("10.%d.%d.%d", math.floor(n / 65536) % 256, math.floor(n / 256) % 256, n % 256)
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
