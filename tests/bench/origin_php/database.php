<?php
// One connection for each worker, kept between requests.
$db = new PDO('mysql:unix_socket=' . $_SERVER['DB_SOCKET'] . ';dbname=bench;charset=utf8mb4', $_SERVER['DB_USER'], '', [
    PDO::ATTR_PERSISTENT => true,
    PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
    PDO::ATTR_DEFAULT_FETCH_MODE => PDO::FETCH_ASSOC,
]);
